import { UserError } from '../errors.ts';
import { type PortRange, type PortSet, PROTOCOLS, type Protocol } from '../model/observation.ts';
import { cleanText } from '../text.ts';

const MAX_PORTS_TEXT = 4000;
const PORTS_HINT = 'Expected ports from 1 to 65535 and ranges of them, for example `22,80,8000-8100` or `T:22,U:53`.';

/**
 * A list of ports as users and nmap write it: `22,80,443`, `1-1024`, `T:22,80,U:53` (a prefix holds until the next),
 * `53/udp`. Throws UserError at the first word that is none.
 */
export function parsePorts(text: string, withoutPrefix: 'tcp' | 'udp' = 'tcp'): PortSet {
  if (text.length > MAX_PORTS_TEXT) throw new UserError('That list of ports is too long.', { hint: PORTS_HINT });
  const ranges: Partial<Record<Protocol, PortRange[]>> = {};
  let prefix: 'tcp' | 'udp' = withoutPrefix;
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw new UserError('No port was given.', { hint: PORTS_HINT });
  for (const word of words) {
    const match = /^(?:([tu]):)?(\d{1,9})(?:-(\d{1,9}))?(?:\/(tcp|udp))?$/i.exec(word);
    if (match === null) throw wrong(word, 'is not a port');
    if (match[1] !== undefined) prefix = match[1].toLowerCase() === 't' ? 'tcp' : 'udp';
    const protocol = match[4]?.toLowerCase() === 'udp' ? 'udp' : match[4] === undefined ? prefix : 'tcp';
    ranges[protocol] = [...(ranges[protocol] ?? []), checkRange(word, Number(match[2]), Number(match[3] ?? match[2]))];
  }
  return portSet(ranges);
}

function checkRange(word: string, first: number, last: number): PortRange {
  if (first < 1 || last < 1 || first > 65_535 || last > 65_535) throw wrong(word, 'is outside of the ports there are');
  if (first > last) throw wrong(word, 'ends before it begins');
  return [first, last];
}

function wrong(word: string, problem: string): UserError {
  const shown = cleanText(word, 40);
  return new UserError(`“${shown}” ${problem}.`, { word: shown, hint: PORTS_HINT });
}

/** nmap's `services="7,9,13,21-23"` and `ports="…"`; what is no range is left out. */
export function parsePortRanges(text: string): readonly PortRange[] {
  const ranges: PortRange[] = [];
  for (const part of text.split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim());
    if (match !== null) ranges.push([Number(match[1]), Number(match[2] ?? match[1])]);
  }
  return mergePortRanges(ranges);
}

/** The `-p` expression that asks nmap for exactly this set: `22,80`, `T:22,U:53`. */
export function portExpression(set: PortSet): string {
  const tcp = formatRanges(set.tcp ?? []);
  const udp = formatRanges(set.udp ?? []);
  if (udp === '') return tcp;
  return tcp === '' ? `U:${udp}` : `T:${tcp},U:${udp}`;
}

/** `tcp:22,80-90;udp:53`, the stored form. */
export function formatPorts(set: PortSet): string {
  return PROTOCOLS.filter((protocol) => (set[protocol]?.length ?? 0) > 0)
    .map((protocol) => `${protocol}:${formatRanges(set[protocol] ?? [])}`)
    .join(';');
}

/** Reads what `formatPorts` wrote. */
export function readPorts(text: string): PortSet {
  const ranges: Partial<Record<Protocol, readonly PortRange[]>> = {};
  for (const part of text.split(';')) {
    const protocol = PROTOCOLS.find((one) => part.startsWith(`${one}:`));
    if (protocol !== undefined) ranges[protocol] = parsePortRanges(part.slice(protocol.length + 1));
  }
  return portSet(ranges);
}

function formatRanges(ranges: readonly PortRange[]): string {
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Any ranges by protocol, made a set: sorted, disjoint, not adjacent, no empty protocols. */
export function portSet(ranges: { readonly [P in Protocol]?: readonly PortRange[] }): PortSet {
  return byProtocol((protocol) => mergePortRanges(ranges[protocol] ?? []));
}

export function unionPorts(a: PortSet, b: PortSet): PortSet {
  return byProtocol((protocol) => mergePortRanges([...(a[protocol] ?? []), ...(b[protocol] ?? [])]));
}

/** What is in `from` and not in `without`; in linear time, for a host decides how many ranges there are. */
export function subtractPorts(from: PortSet, without: PortSet): PortSet {
  return byProtocol((protocol) => subtractPortRanges(from[protocol] ?? [], without[protocol] ?? []));
}

function subtractPortRanges(from: readonly PortRange[], without: readonly PortRange[]): readonly PortRange[] {
  const left: PortRange[] = [];
  let index = 0;
  for (const [first, last] of from) {
    let start = first;
    while ((without[index]?.[1] ?? Number.POSITIVE_INFINITY) < start) index++;
    for (let next = index; start <= last; next++) {
      const hole = without[next];
      if (hole === undefined || hole[0] > last) break;
      if (hole[0] > start) left.push([start, hole[0] - 1]);
      start = hole[1] + 1;
    }
    if (start <= last) left.push([start, last]);
  }
  return left;
}

export function intersectPorts(a: PortSet, b: PortSet): PortSet {
  return subtractPorts(a, subtractPorts(a, b));
}

export function portsContain(set: PortSet, protocol: Protocol, port: number): boolean {
  const ranges = set[protocol] ?? [];
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] ?? [0, -1];
    if (port < first) high = middle - 1;
    else if (port > last) low = middle + 1;
    else return true;
  }
  return false;
}

export function countPorts(set: PortSet): number {
  return PROTOCOLS.reduce(
    (sum, protocol) => (set[protocol] ?? []).reduce((inner, [first, last]) => inner + last - first + 1, sum),
    0,
  );
}

function byProtocol(ranges: (protocol: Protocol) => readonly PortRange[]): PortSet {
  const set: { [P in Protocol]?: readonly PortRange[] } = {};
  for (const protocol of PROTOCOLS) {
    const found = ranges(protocol);
    if (found.length > 0) set[protocol] = found;
  }
  return set;
}

function mergePortRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}
