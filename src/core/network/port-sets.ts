import { type PortRange, type PortSet, PROTOCOLS, type Protocol } from '../model/observation.ts';
import {
  formatRanges,
  inRanges,
  intersectRanges,
  mergeRanges,
  type RangeSet,
  readRanges,
  subtractRanges,
  uniteRanges,
} from './range-set.ts';

/** How a belief stores a set of ports: `{ "tcp": "1-21,23" }`. */
export type PackedPorts = { readonly [P in Protocol]?: string };

export const NO_PORTS: PortSet = {};

export function hasPort(set: PortSet, protocol: Protocol, port: number): boolean {
  const ranges = set[protocol];
  return ranges !== undefined && inRanges(ranges, port);
}

export function countPorts(set: PortSet): number {
  let count = 0;
  for (const protocol of PROTOCOLS) {
    for (const [first, last] of set[protocol] ?? []) count += last - first + 1;
  }
  return count;
}

/** Every single port, in order. */
export function listPorts(set: PortSet): { protocol: Protocol; port: number }[] {
  return PROTOCOLS.flatMap((protocol) =>
    (set[protocol] ?? []).flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => ({ protocol, port: first + index })),
    ),
  );
}

export const unionPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, uniteRanges);
export const subtractPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, subtractRanges);
export const intersectPorts = (a: PortSet, b: PortSet): PortSet => combine(a, b, intersectRanges);

type Ranges = RangeSet<number>;
const NONE: Ranges = [];

function combine(a: PortSet, b: PortSet, how: (a: Ranges, b: Ranges) => Ranges): PortSet {
  const combined: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const ranges = how(a[protocol] ?? NONE, b[protocol] ?? NONE);
    if (ranges.length > 0) combined[protocol] = ranges;
  }
  return combined;
}

/** Without empty protocols. */
function byProtocol(ranges: (protocol: Protocol) => Ranges): PortSet {
  const set: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const found = ranges(protocol);
    if (found.length > 0) set[protocol] = found;
  }
  return set;
}

/** Makes a set of any ranges by protocol. */
export function portSet(ranges: { readonly [P in Protocol]?: readonly PortRange[] }): PortSet {
  return byProtocol((protocol) => mergeRanges(ranges[protocol] ?? []));
}

/** From single ports in any order. */
export function portsOf(ports: Iterable<{ protocol: Protocol; port: number }>): PortSet {
  const found: { [P in Protocol]?: PortRange[] } = {};
  for (const { protocol, port } of ports) {
    const ranges = found[protocol] ?? [];
    ranges.push([port, port]);
    found[protocol] = ranges;
  }
  return portSet(found);
}

/** Undefined for the empty set, so that it takes no space in a belief. */
export function packPorts(set: PortSet): PackedPorts | undefined {
  const packed: { [P in Protocol]?: string } = {};
  for (const protocol of PROTOCOLS) {
    const ranges = set[protocol];
    if (ranges !== undefined && ranges.length > 0) packed[protocol] = formatRanges(ranges);
  }
  return Object.keys(packed).length === 0 ? undefined : packed;
}

export function unpackPorts(packed: PackedPorts | undefined): PortSet {
  if (packed === undefined) return NO_PORTS;
  const set: { [P in Protocol]?: Ranges } = {};
  for (const protocol of PROTOCOLS) {
    const text = packed[protocol];
    if (text !== undefined) set[protocol] = readRanges(text);
  }
  return set;
}

/** `tcp:22,80-90;udp:53`, the stored form. */
export function formatPorts(set: PortSet): string {
  return Object.entries(packPorts(set) ?? {})
    .map(([protocol, ranges]) => `${protocol}:${ranges}`)
    .join(';');
}

/** Reads what `formatPorts` wrote. */
export function readPorts(text: string): PortSet {
  const parts = text.split(';').map((part) => part.split(':'));
  return byProtocol((protocol) => readRanges(parts.find(([name]) => name === protocol)?.[1] ?? ''));
}
