import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Lease } from '../lease.ts';

/**
 * Checked even if the next run is far away: another bot may have changed the schedules, and somebody may have set the
 * clock.
 */
const LOOK_EVERY_MS = 5_000;
const SOONEST_MS = 20;

/** Runs schedules when they are due, as long as this bot is the one in charge. */
export function startScheduleLoop(deps: {
  clock: Clock;
  log: Log;
  lease: Pick<Lease, 'isMine'>;
  /** See runSchedules. */
  run(options: { off: boolean }): Promise<number | undefined>;
}): { started: Promise<void>; wake(): void; stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isFirst = true;

  async function look(): Promise<void> {
    let wait = LOOK_EVERY_MS;
    try {
      const mine = await deps.lease.isMine();
      const next = mine ? await deps.run({ off: isFirst }) : undefined;
      isFirst = false;
      if (next !== undefined) wait = Math.min(LOOK_EVERY_MS, Math.max(SOONEST_MS, next - deps.clock.now()));
    } catch (error) {
      deps.log.warn({ err: error }, 'the schedules could not be looked at; trying again');
    }
    if (!stopped) timer = setTimeout(wake, wait);
  }

  function wake(): void {
    clearTimeout(timer);
    if (!stopped) running = running.then(look);
  }

  wake();
  return {
    started: running,
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
