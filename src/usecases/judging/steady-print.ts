import type { Steady } from '../../core/model/judgement.ts';

/**
 * What the store keeps of a steady host: by which evidence it was found so, and what it counts for while it says the same.
 * Written by another version of the judge it is worth nothing.
 */
const VERSION = 'b';
const BYTES = 'latin1';

export function writeSteady(print: string, { t, tcp, udp, read, open, pairs, until }: Steady): string {
  return [VERSION, Buffer.from(print, BYTES).toString('base64url'), t, tcp, udp, read, open, pairs, until].join(' ');
}

/** Undefined when it was another print, or another version wrote it. */
export function readSteady(text: string, print: string): Steady | undefined {
  const [version, known, ...numbers] = text.split(' ');
  if (version !== VERSION || known !== Buffer.from(print, BYTES).toString('base64url')) return undefined;
  const [t = 0, tcp = 0, udp = 0, read = 0, open = 0, pairs = 0, until = 0] = numbers.map(Number);
  return { t, tcp, udp, read, open, pairs, until };
}
