import { distance } from 'fastest-levenshtein';
import { onOneLine, withoutInvisible } from './invisible.ts';

/**
 * Untrusted text (banners, host names, notes) made safe for one line: invisible characters removed, runs of blanks
 * collapsed, at most `max` characters, the last one an ellipsis if it was cut.
 */
export function cleanText(text: string, max: number): string {
  // Cut first, so that megabytes of banner cost nothing.
  const head = text.slice(0, max * 4 + 64);
  const clean = withoutInvisible(onOneLine(head)).replace(/\s+/g, ' ').trim();
  const letters = Array.from(clean);
  if (letters.length <= max && head.length === text.length) return clean;
  if (letters.length < max) return `${clean}…`;
  return `${letters.slice(0, max - 1).join('')}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** Text inside an element or an attribute of HTML, SVG or XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (special) => ENTITIES[special] ?? special);
}

/** `3 hosts`, `1 host`; thousands are grouped. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The candidate that was probably meant, for "did you mean"; undefined when none is close. */
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

/** A prefix of three letters or more counts as close. */
function nearness(wanted: string, candidate: string, limit: number): number {
  const shorter = wanted.length < candidate.length ? wanted : candidate;
  const longer = shorter === wanted ? candidate : wanted;
  if (shorter.length >= 3 && longer.startsWith(shorter)) return Math.min(limit, longer.length - shorter.length);
  return isSwap(wanted, candidate) ? 1 : distance(wanted, candidate);
}

/** Two adjacent letters swapped, as in `gruop`, are one mistake and not two. */
function isSwap(a: string, b: string): boolean {
  const at = Array.from(a).findIndex((letter, index) => letter !== b[index]);
  return at >= 0 && `${a.slice(0, at)}${a[at + 1]}${a[at]}${a.slice(at + 2)}` === b;
}
