import type { DeltaSubject } from '../model/delta.ts';
import type { Belief } from '../model/judgement.ts';
import type { PortSet, Protocol } from '../model/observation.ts';
import type { Coverage } from '../model/scan.ts';
import { fromAddressRanges, type IpRanges, rangesContain, toAddressRanges } from '../network/address-ranges.ts';
import { hasPort, packPorts, unpackPorts } from '../network/port-sets.ts';
import { type RangeSet, uniteRanges } from '../network/range-set.ts';
import { type CoverageMemory, groupMemory, type ReachMode, serviceMemory } from './memory.ts';

/** How many different coverages are remembered; the least recently used one is dropped. */
const MAX_COVERAGES = 32;
/** Runs of ticks kept for each; the oldest are dropped. */
const MAX_RUNS = 16;
/** A coverage in more pieces than this (a scan cut off at random hosts) is not worth remembering. */
const MAX_PIECES = 512;

type Past = { mode: ReachMode; addresses: IpRanges; ports: PortSet; runs: RangeSet<number> };

/** Which scans covered what, looked up lazily: hits are these scans minus the misses. */
export type CoverageHistory = {
  /** Scans of this mode that covered the address, from tick `since` on. */
  ofAddress(address: string, mode: ReachMode, since: number): number;
  /** The same, of any mode. */
  covering(address: string, since: number): number;
  ofPort(address: string, protocol: Protocol, port: number, since: number): number;
};

export function coverageHistory(memory: readonly CoverageMemory[]): CoverageHistory {
  const past: Past[] = memory.map(({ mode, addresses, ports, ticks }) => ({
    mode,
    addresses: fromAddressRanges(addresses),
    ports: unpackPorts(ports),
    runs: ticks,
  }));
  return {
    ofAddress: (address, mode, since) =>
      past
        .filter((one) => one.mode === mode && rangesContain(one.addresses, address))
        .reduce((sum, one) => sum + ticksIn(one.runs, since), 0),
    covering: (address, since) =>
      past
        .filter((one) => rangesContain(one.addresses, address))
        .reduce((sum, one) => sum + ticksIn(one.runs, since), 0),
    ofPort: (address, protocol, port, since) =>
      past
        .filter((one) => hasPort(one.ports, protocol, port) && rangesContain(one.addresses, address))
        .reduce((sum, one) => sum + ticksIn(one.runs, since), 0),
  };
}

function ticksIn(runs: RangeSet<number>, since: number): number {
  return runs.reduce((sum, [first, last]) => sum + Math.max(0, last - Math.max(first, since) + 1), 0);
}

/** The history with one more scan added. */
export function rememberCoverage(
  memory: readonly CoverageMemory[],
  coverage: Coverage,
  mode: ReachMode,
  tick: number,
): readonly CoverageMemory[] {
  const addresses = toAddressRanges(fromAddressRanges(coverage.addresses));
  if (addresses.length === 0 || addresses.length > MAX_PIECES) return memory;
  const ports = packPorts(coverage.ports) ?? {};
  const key = JSON.stringify([mode, addresses, ports]);
  const same = memory.find((one) => JSON.stringify([one.mode, one.addresses, one.ports]) === key);
  const others = memory.filter((one) => one !== same);
  const ticks = uniteRanges(same?.ticks ?? [], [[tick, tick]]).slice(-MAX_RUNS);
  return [...others, { mode, addresses, ports, ticks }].slice(-MAX_COVERAGES);
}

/** When a service was last seen before the scan that follows, epoch ms; undefined if the belief does not say. */
export function serviceLastSeen(belief: Belief, subject: DeltaSubject): number | undefined {
  const host = belief.hosts.get(subject.address);
  const protocol = subject.protocol ?? 'tcp';
  const service = host?.services.find((one) => one.port === subject.port && one.protocol === protocol);
  // The last scan before a run of misses is not remembered.
  if (host === undefined || service?.present !== true || serviceMemory(service.memory).run !== undefined)
    return undefined;
  if (host.lastSeen !== undefined) return undefined;
  const { at, tick, coverage } = groupMemory(belief.group);
  return coverageHistory(coverage).ofPort(host.address, protocol, service.port, tick) > 0 ? at : undefined;
}
