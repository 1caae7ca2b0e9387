import type { Log } from '../ports/log.ts';

const EVERY_MS = 10_000;

/** Runs chores from time to time, one after the other; one that fails is logged and tried again. */
export function startChores(options: { log: Log; chores: readonly (() => Promise<void>)[] }): {
  stop(): Promise<void>;
} {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  async function round(): Promise<void> {
    for (const chore of options.chores) {
      if (stopped) return;
      await chore().catch((error: unknown) => options.log.warn({ err: error }, 'a chore failed; it is tried again'));
    }
    if (!stopped) timer = setTimeout(begin, EVERY_MS);
  }

  function begin(): void {
    running = round();
  }

  timer = setTimeout(begin, EVERY_MS);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
