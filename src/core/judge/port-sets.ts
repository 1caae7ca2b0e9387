import type { PortRange, PortSet, Protocol } from '../model/observation.ts';
import { PROTOCOLS } from '../model/observation.ts';

/** Sorted, disjoint, not adjacent. */
type Ranges = readonly PortRange[];

/** How a set of ports is kept in a belief: `{ "tcp": "1-21,23" }`. */
export type PackedPorts = { readonly [P in Protocol]?: string };

export const NO_PORTS: PortSet = {};

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  const ranges = set[protocol];
  if (ranges === undefined) return false;
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range === undefined) return false;
    if (port < range[0]) high = middle - 1;
    else if (port > range[1]) low = middle + 1;
    else return true;
  }
  return false;
}

export function countPorts(set: PortSet): number {
  let count = 0;
  for (const protocol of PROTOCOLS) {
    for (const [first, last] of set[protocol] ?? []) count += last - first + 1;
  }
  return count;
}

export const unionPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, unionRanges);
export const subtractPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, subtractRanges);
export const intersectPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, intersectRanges);

function combine(a: PortSet, b: PortSet, how: (a: Ranges, b: Ranges) => Ranges): PortSet {
  const combined: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const ranges = how(a[protocol] ?? [], b[protocol] ?? []);
    if (ranges.length > 0) combined[protocol] = ranges;
  }
  return combined;
}

/** Makes any ranges sorted, disjoint and not adjacent. */
export function tidyRanges(ranges: Iterable<PortRange>): Ranges {
  const tidy: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = tidy.at(-1);
    if (previous === undefined || first > previous[1] + 1) tidy.push([first, last]);
    else if (last > previous[1]) previous[1] = last;
  }
  return tidy;
}

function unionRanges(a: Ranges, b: Ranges): Ranges {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const both: [number, number][] = [];
  let last: [number, number] | undefined;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    const next = right === undefined || (left !== undefined && left[0] <= right[0]) ? left : right;
    if (next === undefined) break;
    if (next === left) i++;
    else j++;
    if (last !== undefined && next[0] <= last[1] + 1) last[1] = Math.max(last[1], next[1]);
    else {
      last = [next[0], next[1]];
      both.push(last);
    }
  }
  return both;
}

function subtractRanges(a: Ranges, b: Ranges): Ranges {
  if (a.length === 0 || b.length === 0) return a;
  const left: PortRange[] = [];
  let index = 0;
  for (const [first, last] of a) {
    let from = first;
    while ((b[index]?.[1] ?? Number.POSITIVE_INFINITY) < from) index++;
    for (let next = index; from <= last; next++) {
      const hole = b[next];
      if (hole === undefined || hole[0] > last) break;
      if (hole[0] > from) left.push([from, hole[0] - 1]);
      from = hole[1] + 1;
    }
    if (from <= last) left.push([from, last]);
  }
  return left;
}

function intersectRanges(a: Ranges, b: Ranges): Ranges {
  const both: PortRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) break;
    const first = Math.max(left[0], right[0]);
    const last = Math.min(left[1], right[1]);
    if (first <= last) both.push([first, last]);
    if (left[1] < right[1]) i++;
    else j++;
  }
  return both;
}

/** From single ports in any order. */
export function portsOf(ports: Iterable<{ protocol: Protocol; port: number }>): PortSet {
  const found: { [P in Protocol]?: PortRange[] } = {};
  for (const { protocol, port } of ports) {
    const ranges = found[protocol] ?? [];
    ranges.push([port, port]);
    found[protocol] = ranges;
  }
  const set: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const ranges = found[protocol];
    if (ranges !== undefined) set[protocol] = tidyRanges(ranges);
  }
  return set;
}

/** Undefined for the empty set, so that it costs nothing in a belief. */
export function packPorts(set: PortSet): PackedPorts | undefined {
  const packed: { [P in Protocol]?: string } = {};
  for (const protocol of PROTOCOLS) {
    const ranges = set[protocol];
    if (ranges === undefined || ranges.length === 0) continue;
    packed[protocol] = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  }
  return Object.keys(packed).length === 0 ? undefined : packed;
}

export function unpackPorts(packed: PackedPorts | undefined): PortSet {
  if (packed === undefined) return NO_PORTS;
  const set: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const text = packed[protocol];
    if (text !== undefined) set[protocol] = unpackRanges(text);
  }
  return set;
}

/** `1-21,23`. By hand, because a large scan unpacks hundreds of thousands of them. */
function unpackRanges(text: string): Ranges {
  const ranges: PortRange[] = [];
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

const [COMMA, DASH, ZERO] = [44, 45, 48];
