import { expect } from 'vitest';
import type { Fault as FakeFault } from '../../fakes/discord/faults.ts';
import type { Fault, Harness } from '../chat-contract.ts';
import { openBench } from './harness.ts';

const FAULTS: Record<Fault, FakeFault['kind']> = {
  unavailable: 'error',
  'rate-limited': 'rate-limit',
  'answer-lost': 'lose-answer',
};

/** The adapter and its local Discord. */
export async function openDiscordHarness(): Promise<Harness> {
  const { fake, discord, close } = await openBench();
  const secret = fake.addChannel('secret', { denied: ~0n });
  return {
    chat: discord.chat,
    channel: `discord:${fake.channel.id}`,
    forbidden: `discord:${secret.id}`,
    faults: ['unavailable', 'rate-limited', 'answer-lost'],
    fault: (kind) => fake.faults.add({ kind: FAULTS[kind], path: /\/messages/, retryAfter: 2 }),
    async read(ref) {
      const message = fake.message(ref.id);
      if (message === undefined) return undefined;
      const { text, buttons, files, pings, links } = fake.see(message);
      const parent = fake.world.channels.get(message.channelId)?.parentId === undefined ? undefined : message.channelId;
      return {
        text,
        buttons: buttons.map(({ label, customId }) => ({ label, actionId: customId })),
        ...(parent === undefined ? {} : { thread: parent }),
        files,
        pings,
        links,
      };
    },
    async count(channel) {
      const places = [...fake.world.channels.values()].filter(
        ({ id, parentId }) => channel === `discord:${id}` || channel === `discord:${parentId}`,
      );
      return places.reduce((sum, place) => sum + place.messages.length, 0);
    },
    async close() {
      await close();
      expect(fake.complaints).toEqual([]);
    },
  };
}
