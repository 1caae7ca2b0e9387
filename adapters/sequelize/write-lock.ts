/** Runs one piece of work at a time, in the order of the calls. */
export type WriteLock = {
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when all work asked for so far has ended. */
  idle(): Promise<void>;
};

export function createWriteLock(): WriteLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
    async idle() {
      await last;
    },
  };
}
