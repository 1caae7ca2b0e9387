import { expect } from 'vitest';

/** Waits long enough for a slow machine. */
export function eventually<T>(look: () => T | Promise<T>) {
  return expect.poll(look, { interval: 20 });
}
