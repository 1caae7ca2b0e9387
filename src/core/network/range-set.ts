/** The values of a range: ports, addresses as numbers, or ticks. */
export type Scalar = number | bigint;

/** Inclusive. */
export type Range<T extends Scalar> = readonly [first: T, last: T];

/** Sorted, disjoint, not adjacent. Its size does not depend on how many values it holds. */
export type RangeSet<T extends Scalar> = readonly Range<T>[];

/** Makes a set of any ranges; returns a set unchanged. */
export function mergeRanges<T extends Scalar>(ranges: readonly Range<T>[]): RangeSet<T> {
  if (isSet(ranges)) return ranges;
  const merged: [T, T][] = [];
  for (const [first, last] of ranges.toSorted(byStart)) {
    const previous = merged.at(-1);
    if (previous === undefined || first > after(previous[1])) merged.push([first, last]);
    else if (last > previous[1]) previous[1] = last;
  }
  return merged;
}

function isSet<T extends Scalar>(ranges: readonly Range<T>[]): boolean {
  let end: T | undefined;
  for (const [first, last] of ranges) {
    if (end !== undefined && first <= after(end)) return false;
    end = last;
  }
  return true;
}

const byStart = <T extends Scalar>([a]: Range<T>, [b]: Range<T>): number => (a < b ? -1 : a > b ? 1 : 0);

/** TypeScript won't add a number to a type that may be a bigint, but it allows `++`. */
function after<T extends Scalar>(value: T): T {
  let next = value;
  next++;
  return next;
}

function before<T extends Scalar>(value: T): T {
  let previous = value;
  previous--;
  return previous;
}

export function uniteRanges<T extends Scalar>(a: RangeSet<T>, b: RangeSet<T>): RangeSet<T> {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const both: [T, T][] = [];
  let last: [T, T] | undefined;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    const next = right === undefined || (left !== undefined && left[0] <= right[0]) ? left : right;
    if (next === undefined) break;
    if (next === left) i++;
    else j++;
    if (last === undefined || next[0] > after(last[1])) {
      last = [next[0], next[1]];
      both.push(last);
    } else if (next[1] > last[1]) last[1] = next[1];
  }
  return both;
}

/** What is in `from` and not in `without`; in one pass, because a host decides how many ranges of ports there are. */
export function subtractRanges<T extends Scalar>(from: RangeSet<T>, without: RangeSet<T>): RangeSet<T> {
  const start = from[0];
  if (start === undefined || without.length === 0) return from;
  const left: Range<T>[] = [];
  let index = firstEndingAt(without, start[0]);
  for (const [first, last] of from) {
    let rest = first;
    for (let hole = without[index]; hole !== undefined && hole[1] < rest; hole = without[index]) index++;
    for (let next = index; rest <= last; next++) {
      const hole = without[next];
      if (hole === undefined || hole[0] > last) break;
      if (hole[0] > rest) left.push([rest, before(hole[0])]);
      rest = after(hole[1]);
    }
    if (rest <= last) left.push([rest, last]);
  }
  return left;
}

export function intersectRanges<T extends Scalar>(a: RangeSet<T>, b: RangeSet<T>): RangeSet<T> {
  const both: Range<T>[] = [];
  const [start, other] = [a[0], b[0]];
  if (start === undefined || other === undefined) return both;
  for (let i = firstEndingAt(a, other[0]), j = firstEndingAt(b, start[0]); i < a.length && j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) break;
    const later = left[0] < right[0] ? right : left;
    const shorter = left[1] < right[1] ? left : right;
    if (later[0] <= shorter[1]) both.push([later[0], shorter[1]]);
    if (shorter === left) i++;
    else j++;
  }
  return both;
}

export function inRanges<T extends Scalar>(set: RangeSet<T>, value: T): boolean {
  const range = set[firstEndingAt(set, value)];
  return range !== undefined && range[0] <= value;
}

/** Index of the first range that ends at the value or after it. */
function firstEndingAt<T extends Scalar>(set: RangeSet<T>, value: T): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = set[middle];
    if (range !== undefined && range[1] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `1-21,23`, the one text form of a set. */
export function formatRanges(set: RangeSet<number>): string {
  return set.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

const [COMMA, DASH, ZERO] = [44, 45, 48];

/** Reads what `formatRanges` wrote. By hand, because a large scan reads hundreds of thousands of them. */
export function readRanges(text: string): RangeSet<number> {
  const ranges: Range<number>[] = [];
  if (text === '') return ranges;
  let first = -1;
  let number = 0;
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : COMMA;
    if (code === DASH) {
      first = number;
      number = 0;
    } else if (code === COMMA) {
      ranges.push([first === -1 ? number : first, number]);
      first = -1;
      number = 0;
    } else number = number * 10 + code - ZERO;
  }
  return ranges;
}
