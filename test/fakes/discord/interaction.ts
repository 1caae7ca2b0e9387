import { onThisMachine, until } from '../../until.ts';
import type { Modal } from './strictness.ts';
import type { FakeChannel, FakeMessage } from './world.ts';

export const EPHEMERAL = 64;

/** One action of a user, and what Discord showed them for it. */
export type FakeInteraction = {
  id: string;
  token: string;
  userId: string;
  channel: FakeChannel;
  sentAt: number;
  /** Type and delay of the first answer; Discord waits 3 s for it. */
  first?: { type: number; afterMs: number };
  /** The message with the pressed button, or the one that answered. */
  original?: FakeMessage;
  /** A deferred answer ("is thinking…") that nothing has filled yet. */
  thinking: boolean;
  followUps: FakeMessage[];
  modal?: Modal;
  choices?: { name: string; value: string }[];
  /** Its 15 minutes are over. */
  expired: boolean;
};

export const FIRST_ANSWER_MS = 3000;

/** What the user sees once the answer is there; throws when none arrives in time. */
export async function settled(interaction: FakeInteraction): Promise<FakeInteraction> {
  return await until(() => (isSettled(interaction) ? interaction : undefined), 'the answer');
}

function isSettled({ first, thinking, sentAt }: FakeInteraction): boolean {
  if (first === undefined && Date.now() - sentAt > onThisMachine(FIRST_ANSWER_MS)) {
    throw new Error('This interaction failed: the application did not respond');
  }
  return first !== undefined && !thinking;
}

/** The messages of an interaction that the user sees, newest last. */
export function answersOf({ original, followUps, first }: FakeInteraction): FakeMessage[] {
  const isAnswer = first !== undefined && (first.type === 4 || first.type === 5);
  return [...(isAnswer && original !== undefined ? [original] : []), ...followUps];
}
