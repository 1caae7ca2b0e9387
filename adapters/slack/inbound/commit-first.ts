import { setTimeout as sleep } from 'node:timers/promises';
import { ACK_WITHIN_MS } from '../render/limits.ts';

/**
 * Does the work, then acknowledges: Slack never delivers again what was acknowledged, so a process that dies in between
 * would have accepted a click and lost it. Work that takes longer than Slack waits is acknowledged before its end, and
 * answered later.
 */
export async function commitFirst<T>(ack: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  const done = work();
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, sleep(ACK_WITHIN_MS, undefined, { ref: false })]);
  await ack();
  return done;
}

/** What changes nothing is acknowledged at once: it need not wait for the writes of others, and can be asked again. */
export async function acknowledgeFirst<T>(ack: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  await ack();
  return work();
}
