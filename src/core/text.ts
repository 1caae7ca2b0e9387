/** C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, line separators, tags, lone surrogates. */
const INVISIBLE =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\u034f|[\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Text of strangers (banners, host names, notes) made fit for one line: invisible characters gone, runs of blanks
 * made one, at most `max` characters with an ellipsis as the last.
 */
export function cleanText(text: string, max: number): string {
  // Cut before the work, so that megabytes of banner cost nothing.
  const head = text.slice(0, max * 4 + 64);
  const clean = head
    .replace(/[\t\r\n\u2028\u2029]+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
    .trim();
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
  return editDistance(wanted, candidate);
}

/** Damerau-Levenshtein (optimal string alignment): insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
