import { availableParallelism, loadavg } from 'node:os';

/** How long a test waits for what must come: only a failing test ever waits as long. */
export const PATIENCE_MS = 90_000;

type Look<T> = () => Promise<T | undefined | false> | T | undefined | false;

/** Polls until the condition holds, and returns what it found; fails with what was awaited. */
export async function until<T>(look: Look<T>, what: string, withinMs = PATIENCE_MS): Promise<T> {
  for (const end = performance.now() + withinMs; ; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`${what} did not come within ${withinMs} ms`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** A platform's limit in ms, as long as this machine makes it: with three programs for each core, three times that. */
export function onThisMachine(limitMs: number): number {
  return Math.round(limitMs * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()));
}
