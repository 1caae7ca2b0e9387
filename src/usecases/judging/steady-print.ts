import type { Steady } from '../../core/model/judgement.ts';

/**
 * What the store keeps about a steady host: the evidence by which it was found steady, and what it adds to the counts
 * while the evidence is the same. A print of another version of the judge is worthless.
 */
const VERSION = 'b';
const BYTES = 'latin1';

export function writeSteady(print: string, { t, tcp, udp, read, open, pairs, until }: Steady): string {
  return [VERSION, Buffer.from(print, BYTES).toString('base64url'), t, tcp, udp, read, open, pairs, until].join(' ');
}

/** A host looks one way to scans that read versions, and another way to those that don't. */
const LOOKS = 2;

/** Beside what is known of the same state, if anything is; the text is the same if this is known already. */
export function withSteady(texts: string, text: string): string {
  const known = texts === '' ? [] : texts.split('\n');
  if (known.includes(text)) return texts;
  const others = known.filter((other) => lookOf(other) !== lookOf(text));
  return [text, ...others].slice(0, LOOKS).join('\n');
}

const lookOf = (text: string): string => text.split(' ', 2).join(' ');

/** Undefined for another print, or one written by another version. */
export function readSteady(texts: string, print: string): Steady | undefined {
  const look = `${VERSION} ${Buffer.from(print, BYTES).toString('base64url')}`;
  const text = texts.split('\n').find((one) => lookOf(one) === look);
  if (text === undefined) return undefined;
  const [t = 0, tcp = 0, udp = 0, read = 0, open = 0, pairs = 0, until = 0] = text.split(' ').slice(2).map(Number);
  return { t, tcp, udp, read, open, pairs, until };
}
