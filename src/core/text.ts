import { distance } from 'fastest-levenshtein';
import { onOneLine, withoutInvisible } from './invisible.ts';

/**
 * Text of strangers (banners, host names, notes) made fit for one line: invisible characters gone, runs of blanks
 * made one, at most `max` characters with an ellipsis as the last.
 */
export function cleanText(text: string, max: number): string {
  // Cut before the work, so that megabytes of banner cost nothing.
  const head = text.slice(0, max * 4 + 64);
  const clean = withoutInvisible(onOneLine(head)).replace(/\s+/g, ' ').trim();
  const letters = Array.from(clean);
  if (letters.length <= max && head.length === text.length) return clean;
  if (letters.length < max) return `${clean}…`;
  return `${letters.slice(0, max - 1).join('')}…`;
}

/** `3 hosts`, `1 host`; thousands are grouped. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The candidate that was probably meant, for "did you mean"; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, 64);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = nearness(wanted, candidate.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** A beginning of three letters or more counts as near. */
function nearness(wanted: string, candidate: string, limit: number): number {
  const shorter = wanted.length < candidate.length ? wanted : candidate;
  const longer = shorter === wanted ? candidate : wanted;
  if (shorter.length >= 3 && longer.startsWith(shorter)) return Math.min(limit, longer.length - shorter.length);
  return isSwap(wanted, candidate) ? 1 : distance(wanted, candidate);
}

/** Two neighbours swapped, as in `gruop`, are one mistake and not two. */
function isSwap(a: string, b: string): boolean {
  const at = Array.from(a).findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && `${a.slice(0, at)}${a[at + 1]}${a[at]}${a.slice(at + 2)}` === b;
}
