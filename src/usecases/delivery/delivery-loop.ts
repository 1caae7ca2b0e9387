import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageStore } from '../../ports/store.ts';

export type Loop = {
  /** There may be something to send now. */
  wake(): void;
  /** Resolves when deliveries in progress are done. */
  stop(): Promise<void>;
};

const IDLE_MS = 5_000;
const AFTER_FAILURE_MS = 1_000;
/** A correction of the clock by less than this only makes the next retry a little early or late. */
const CLOCK_SET_MS = 2_000;

/** Runs `deliver` whenever a message is due: woken when one is queued, and by a timer for the retries. */
export function startDeliveryLoop(deps: {
  messages: Pick<MessageStore, 'nextDue' | 'hasten'>;
  clock: Clock;
  /** Monotonic time, ms. */
  elapsed(): number;
  log: Log;
  platforms(): readonly string[];
  deliver(): Promise<readonly Promise<void>[]>;
}): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let pending = false;
  let running: Promise<void> | undefined;
  const underWay = new Set<Promise<void>>();
  let isAhead = false;
  const ahead = () => deps.clock.now() - deps.elapsed();
  let lead = ahead();

  /**
   * Claims and retries use the wall clock. Setting it forward would end a claim whose message is being sent, and send
   * it again; setting it back would delay a retry of a second by hours.
   */
  async function followClock(): Promise<void> {
    const setBy = ahead() - lead;
    if (Math.abs(setBy) > CLOCK_SET_MS) {
      deps.log.warn({ by_ms: Math.round(setBy) }, 'the clock was set');
      lead += setBy;
      isAhead ||= setBy < 0;
      await Promise.all(underWay);
    }
    if (!isAhead) return;
    await deps.messages.hasten(deps.clock.now());
    isAhead = false;
  }

  /** Starts what is due; each delivery that ends wakes the loop again. */
  async function start(): Promise<number> {
    await followClock();
    const sends = await deps.deliver();
    for (const send of sends) {
      const ended = send
        .catch((error: unknown) => deps.log.error({ err: error }, 'a delivery failed'))
        .then(() => {
          underWay.delete(ended);
          wake();
        });
      underWay.add(ended);
    }
    return sends.length;
  }

  async function run(): Promise<void> {
    let wait = IDLE_MS;
    try {
      do {
        pending = false;
        while (!stopped && (await start()) > 0);
      } while (pending && !stopped);
      const due = await deps.messages.nextDue(deps.platforms());
      if (due !== undefined) wait = Math.min(IDLE_MS, Math.max(50, due - deps.clock.now()));
    } catch (error) {
      deps.log.error({ err: error }, 'the delivery loop failed; it goes on');
      wait = AFTER_FAILURE_MS;
    }
    running = undefined;
    if (stopped) return;
    if (pending) wake();
    else timer = setTimeout(wake, wait);
  }

  function wake(): void {
    if (stopped) return;
    pending = true;
    clearTimeout(timer);
    running ??= run();
  }

  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      await Promise.all(underWay);
    },
  };
}
