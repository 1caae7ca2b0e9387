import { setTimeout as wait } from 'node:timers/promises';
import type { Modal } from './strictness.ts';
import type { FakeChannel, FakeMessage } from './world.ts';

export const EPHEMERAL = 64;

/** One thing a user did, and what Discord showed them for it. */
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
  /** A waiting answer ("is thinking…") that nothing has filled yet. */
  thinking: boolean;
  followUps: FakeMessage[];
  modal?: Modal;
  choices?: { name: string; value: string }[];
  /** Its 15 minutes are over. */
  expired: boolean;
};

export const FIRST_ANSWER_MS = 3000;

/** What the user has in front of them once the answer is there; throws when none comes in time. */
export async function settled(interaction: FakeInteraction, timeoutMs = 10_000): Promise<FakeInteraction> {
  return await until(() => (isSettled(interaction) ? interaction : undefined), timeoutMs, 'the answer');
}

function isSettled({ first, thinking, sentAt }: FakeInteraction): boolean {
  if (first === undefined && Date.now() - sentAt > FIRST_ANSWER_MS) {
    throw new Error('This interaction failed: the application did not respond');
  }
  return first !== undefined && !thinking;
}

/** Looks again and again until there is something. */
export async function until<T>(look: () => T | undefined, timeoutMs = 10_000, what = 'it'): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeoutMs} ms`);
    await wait(10);
  }
}

/** The messages of an interaction that the user sees, the newest last. */
export function answersOf({ original, followUps, first }: FakeInteraction): FakeMessage[] {
  const isAnswer = first !== undefined && (first.type === 4 || first.type === 5);
  return [...(isAnswer && original !== undefined ? [original] : []), ...followUps];
}
