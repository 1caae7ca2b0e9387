import { times } from './service-silent.ts';

/** A silence that goes on, as a sentence. */
export function silence({ k, x }: { k: number; x?: number }): string {
  const scans = k === 0 ? [] : [`${times(k)}${k > 1 ? ' in a row' : ''}`];
  const asked = x === undefined ? [] : [x === 1 ? 'a confirmation' : `${x} confirmations`];
  return `It was silent in ${[...scans, ...asked].join(' and in ')}.`;
}

/** Misses that turned out to be none. */
export function missed({ n = 0 }: { n?: number }): string {
  return n === 0 ? 'It has never been silent and then back.' : `It was silent and back after ${times(n)} before.`;
}
