import { setTimeout as sleep } from 'node:timers/promises';
import { rateLimited } from './api-error.ts';

/** Keeps each channel to Slack's pace without holding up any other. */
export type Pace = {
  /** Waits for this channel's next turn; throws at once while Slack has asked to wait there. */
  turn(channel: string): Promise<void>;
  /** Slack answered 429. */
  silence(channel: string, ms: number): void;
};

const KEPT = 1000;

/**
 * `burst`: how many may follow each other at once after a pause. Uses a monotonic clock: a wall clock that was set back
 * would silence Slack.
 */
export function createPace({ everyMs, burst }: { everyMs: number; burst: number }): Pace {
  /** When a channel will have used up its budget, if nothing more is sent. */
  const paid = new Map<string, number>();
  const silent = new Map<string, number>();
  return {
    async turn(channel) {
      const now = performance.now();
      const silence = (silent.get(channel) ?? 0) - now;
      if (silence > 0) throw rateLimited(silence);
      const until = Math.max(now, paid.get(channel) ?? 0) + everyMs;
      paid.set(channel, until);
      forget(paid, now);
      const wait = until - burst * everyMs - now;
      if (wait > 0) await sleep(wait);
    },
    silence(channel, ms) {
      silent.set(channel, performance.now() + ms);
      forget(silent, performance.now());
    },
  };
}

function forget(times: Map<string, number>, now: number): void {
  if (times.size < KEPT) return;
  for (const [channel, at] of times) if (at < now) times.delete(channel);
}
