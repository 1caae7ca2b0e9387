import { setTimeout as sleep } from 'node:timers/promises';
import { rateLimited } from './api-error.ts';

/** Keeps each channel to Slack's pace without holding up any other. */
export type Pace = {
  /** Waits for this channel's next turn; throws at once while Slack has asked for silence there. */
  turn(channel: string): Promise<void>;
  /** Slack answered 429. */
  silence(channel: string, ms: number): void;
};

const KEPT = 1000;

export function createPace(everyMs: number): Pace {
  const free = new Map<string, number>();
  const silent = new Map<string, number>();
  return {
    async turn(channel) {
      const now = Date.now();
      const silence = (silent.get(channel) ?? 0) - now;
      if (silence > 0) throw rateLimited(silence);
      const at = Math.max(now, free.get(channel) ?? 0);
      free.set(channel, at + everyMs);
      forget(free, now);
      if (at > now) await sleep(at - now);
    },
    silence(channel, ms) {
      silent.set(channel, Date.now() + ms);
      forget(silent, Date.now());
    },
  };
}

function forget(times: Map<string, number>, now: number): void {
  if (times.size < KEPT) return;
  for (const [channel, at] of times) if (at < now) times.delete(channel);
}
