import { isOver } from '../core/model/scan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

export type UnderWay = {
  /** Resolves when the scan is over and its messages have been sent. */
  waitForScan(scanId: number): Promise<'ok' | 'failed'>;
  /**
   * Resolves when no scan is under way and nothing is left to send. Confirmations that wait for their time continue
   * later.
   */
  drain(): Promise<void>;
};

const LOOK_EVERY_MS = 100;
/** A platform that is away must not hold up the end of a script for ever. */
const SEND_WITHIN_MS = 30_000;

export function watchUnderWay(deps: {
  store: Store;
  clock: Clock;
  /** Platforms to which messages can be sent now. */
  platforms(): readonly string[];
  wake(): void;
}): UnderWay {
  const { store, clock } = deps;

  async function until(condition: () => Promise<boolean>, withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    const deadline = clock.now() + withinMs;
    while (!(await condition()) && clock.now() < deadline) await pause(LOOK_EVERY_MS);
  }

  const allSent = async () => {
    deps.wake();
    return (await store.messages.countPending(clock.now(), deps.platforms())) === 0;
  };

  return {
    async waitForScan(scanId) {
      await until(async () => {
        const scan = await store.scans.byId(scanId);
        return scan === undefined || isOver(scan);
      });
      await until(allSent, SEND_WITHIN_MS);
      return (await store.scans.byId(scanId))?.status === 'failed' ? 'failed' : 'ok';
    },
    async drain() {
      await until(async () => {
        const page = { limit: 50, offset: 0 };
        const { items } = await store.scans.list({ statuses: ['queued', 'running', 'judging'] }, page);
        return !items.some((scan) => scan.kind === 'scan' || scan.status !== 'queued');
      });
      await until(allSent, SEND_WITHIN_MS);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
