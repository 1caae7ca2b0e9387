import type { ChunkRequest, ScanSettings } from '../../core/model/scan.ts';
import { DISCOVERY_PROBES } from '../../core/model/scan-time.ts';
import { familyOf, type IpRanges, toAddressRanges } from '../../core/network/address-ranges.ts';
import { type Costs, splitByWork } from '../../core/network/split-by-work.ts';

/**
 * One nmap process takes so much: in probes, that of 256 addresses of an unknown network with the 1,000 usual ports. More
 * would lose more with a worker that dies, and keep the others waiting at the end; less would be spent on nmap's start.
 */
const WORK = 100_000;
const ADDRESSES = 256;
/** nmap asks hosts side by side: a few of them take no longer than one. */
const FEWEST = 16;
/** Of one scan; those of a group with more addresses are larger. */
const MAX_CHUNKS = 1024;

/** How many of the addresses answer in a network that nobody has scanned yet, and of those that were silent so far. */
const SHARE_UP = { unscanned: 0.25, silent: 0.01 } as const;
/** A closed UDP port answers once a second (RFC 1812 4.3.2.8); a service that is asked for its version, several times. */
const UDP_WEIGHT = 20;
const VERSIONS_WEIGHT = 1.5;

/** Splits what a scan asks by the work that it is expected to be. `up`: addresses that answered the last time. */
export function chunksOf(ranges: IpRanges, settings: ScanSettings, up: readonly string[] = []): ChunkRequest[] {
  const limits = { work: WORK, addresses: ADDRESSES, fewest: FEWEST, parts: MAX_CHUNKS };
  return splitByWork(ranges, up, costsOf(settings, up.length > 0), limits).map((part) => ({
    ranges: toAddressRanges(part),
    family: part[0] === undefined ? 4 : familyOf(part[0]),
    settings,
  }));
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

/** Of nmap's `-p`, however long it is: `T:22,80-90,U:53`. */
function countOf(expression: string, tcp: boolean): { tcp: number; udp: number } {
  const counts = { tcp: 0, udp: 0 };
  let protocol: keyof typeof counts = tcp ? 'tcp' : 'udp';
  for (const [, prefix, first, last] of expression.matchAll(/([TU]:)?(\d+)(?:-(\d+))?/g)) {
    if (prefix !== undefined) protocol = prefix === 'T:' ? 'tcp' : 'udp';
    counts[protocol] += Number(last ?? first) - Number(first) + 1;
  }
  return counts;
}
