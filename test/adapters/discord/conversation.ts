import { expect } from 'vitest';
import type { Card } from '../../../src/cards/card.ts';
import type { By, FakeDiscord } from '../../fakes/discord/fake-discord.ts';
import { answersOf, EPHEMERAL, type FakeInteraction } from '../../fakes/discord/interaction.ts';
import type { FakeMessage } from '../../fakes/discord/world.ts';
import { openBench } from './harness.ts';
import { type Calls, recordingDispatcher } from './some-commands.ts';

/** Alice in front of Discord, with an alert in the channel and a running adapter. */
export type Conversation = {
  fake: FakeDiscord;
  by: By;
  alert: FakeMessage;
  calls: Calls;
  chat: Awaited<ReturnType<typeof openBench>>['discord']['chat'];
  said(interaction: FakeInteraction): { text: string; ephemeral: boolean }[];
  /** Everything in progress has been answered; nothing is answered after it. */
  finished(): Promise<void>;
  close(): Promise<void>;
};

export async function openConversation(
  answers: Parameters<typeof recordingDispatcher>[0] = {},
  options: { everywhere?: boolean; claim?: (id: string) => Promise<boolean> } = {},
): Promise<Conversation> {
  const { dispatcher, calls } = recordingDispatcher(answers);
  const { fake, discord, close } = await openBench({ dispatcher, ...options });
  await discord.start();
  const ref = await discord.chat.post({ channel: `discord:${fake.channel.id}`, card: ALERT, nonce: 'alert' });
  const alert = fake.message(ref.id);
  if (alert === undefined) throw new Error('no alert');
  fake.channel.messages = [];
  return {
    fake,
    by: { user: fake.addUser('alice', [fake.addRole('ops')]), channel: fake.channel },
    alert,
    calls,
    chat: discord.chat,
    said: (interaction) =>
      answersOf(interaction).map((message) => ({
        text: fake.see(message).text,
        ephemeral: (message.flags & EPHEMERAL) !== 0,
      })),
    finished: () => discord.stop(),
    async close() {
      await close();
      expect(fake.complaints).toEqual([]);
    },
  };
}

const SCOPE = { alert: 12, host: '10.0.0.5' };

const ALERT: Card = {
  title: '10.0.0.5: service added',
  tone: 'high',
  sections: [],
  controls: [
    { type: 'button', label: 'Acknowledge', style: 'primary', action: { type: 'acknowledge', scope: SCOPE } },
    { type: 'button', label: 'Expected', style: 'default', action: { type: 'expected', scope: SCOPE } },
    { type: 'button', label: 'Undo', style: 'danger', action: { type: 'undo', scope: SCOPE }, confirm: 'Sure?' },
    {
      type: 'menu',
      label: 'More',
      options: [
        { label: 'Acknowledge with a note…', action: { type: 'acknowledge-note', scope: SCOPE } },
        { label: 'Mute for 1 day', action: { type: 'mute', scope: SCOPE, forMs: 86_400_000 } },
      ],
    },
  ],
};
