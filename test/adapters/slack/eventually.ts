import { expect } from 'vitest';

/** Waits as long as a slow machine needs. */
export function eventually<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { timeout: 15_000, interval: 20 });
}
