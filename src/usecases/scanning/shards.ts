import type { ChunkRequest, ScanSettings } from '../../core/model/scan.ts';
import { DISCOVERY_PROBES } from '../../core/model/scan-time.ts';
import { familyOf, type IpRanges, rangesOf, toAddressRanges } from '../../core/network/address-ranges.ts';
import { intersectRanges } from '../../core/network/range-set.ts';
import { type Costs, splitByWork } from '../../core/network/split-by-work.ts';

/**
 * The size of one nmap process: in probes, that of 256 addresses of an unknown network with the usual 1,000 ports. A
 * larger one would lose more with a worker that dies, and keep the others waiting at the end; a smaller one would spend
 * more time on starting nmap.
 */
const WORK = 100_000;
const ADDRESSES = 256;
/** nmap scans hosts in parallel: a few of them take no longer than one. */
const FEWEST = 16;
/** Per scan; the chunks of a group with more addresses are larger. */
const MAX_CHUNKS = 1024;

/**
 * The share of addresses that answer in a network that nobody has scanned yet, and of those that were silent so far.
 */
const SHARE_UP = { unscanned: 0.25, silent: 0.01 } as const;
/** A closed UDP port answers once a second (RFC 1812 4.3.2.8); version detection sends several probes to a service. */
const UDP_WEIGHT = 20;
const VERSIONS_WEIGHT = 1.5;

/**
 * Splits a scan by the work that is expected. `up`: addresses that answered the last time. Their chunks come first: they
 * take longest, and a scan that is cancelled has seen the hosts that are known.
 */
export function chunksOf(ranges: IpRanges, settings: ScanSettings, up: readonly string[] = []): ChunkRequest[] {
  const limits = { work: WORK, addresses: ADDRESSES, fewest: FEWEST, parts: MAX_CHUNKS };
  const parts = splitByWork(ranges, up, costsOf(settings, up.length > 0), limits);
  return upFirst(parts, rangesOf(up)).map((part) => ({
    ranges: toAddressRanges(part),
    family: part[0] === undefined ? 4 : familyOf(part[0]),
    settings,
  }));
}

/** In their order otherwise. */
function upFirst(parts: readonly IpRanges[], up: IpRanges): IpRanges[] {
  const isUp = (part: IpRanges): boolean => intersectRanges(part, up).length > 0;
  return [...parts.filter(isUp), ...parts.filter((part) => !isUp(part))];
}

function costsOf(settings: ScanSettings, scannedBefore: boolean): Costs {
  const discovery = settings.skipDiscovery ? 0 : DISCOVERY_PROBES;
  const ports = Math.max(1, probesOf(settings));
  const share = scannedBefore ? SHARE_UP.silent : SHARE_UP.unscanned;
  return { up: discovery + ports, unknown: settings.skipDiscovery ? ports : discovery + ports * share };
}

function probesOf({ ports, topPorts = 0, tcp, udp, versionDetection }: ScanSettings): number {
  const asked = ports === undefined ? { tcp: tcp ? topPorts : 0, udp: udp ? topPorts : 0 } : countOf(ports, tcp);
  return (asked.tcp + asked.udp * UDP_WEIGHT) * (versionDetection ? VERSIONS_WEIGHT : 1);
}

/** Counts the ports of nmap's `-p`, however long it is: `T:22,80-90,U:53`. */
function countOf(expression: string, tcp: boolean): { tcp: number; udp: number } {
  const counts = { tcp: 0, udp: 0 };
  let protocol: keyof typeof counts = tcp ? 'tcp' : 'udp';
  for (const [, prefix, first, last] of expression.matchAll(/([TU]:)?(\d+)(?:-(\d+))?/g)) {
    if (prefix !== undefined) protocol = prefix === 'T:' ? 'tcp' : 'udp';
    counts[protocol] += Number(last ?? first) - Number(first) + 1;
  }
  return counts;
}
