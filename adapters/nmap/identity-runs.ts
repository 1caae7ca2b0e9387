import { grouped } from '../../src/core/grouped.ts';
import { saysWhatItIs } from '../../src/core/judge/identity-change.ts';
import type { HostObservation } from '../../src/core/model/observation.ts';
import type { ChunkRequest, HostPorts, IdentifiedHost, KnownHost } from '../../src/core/model/scan.ts';
import { rangesOf, toAddressRanges } from '../../src/core/network/address-ranges.ts';
import { portsOf } from '../../src/core/network/port-sets.ts';
import {
  formatRanges,
  type RangeSet,
  readRanges,
  subtractRanges,
  uniteRanges,
} from '../../src/core/network/range-set.ts';

/**
 * nmaps that read identities one after the other: a start of each costs about a second. Hosts with rare combinations of
 * ports go together in the last one, which asks each of them for the ports of all.
 */
const MAX_RUNS = 16;

/** The open TCP ports of hosts that are up and in time; hosts without any are left out. */
export function openTcp(hosts: readonly HostObservation[]): HostPorts[] {
  return hosts.flatMap(({ address, status, timedOut, ports }) => {
    if (status !== 'up' || timedOut) return [];
    const { tcp = [] } = portsOf(ports.filter(({ state, protocol }) => state === 'open' && protocol === 'tcp'));
    return tcp.length === 0 ? [] : [{ address, tcp: formatRanges(tcp) }];
  });
}

/** What was read of them: each port that was open when its version was read. */
export function identifiedOf(hosts: readonly HostObservation[]): IdentifiedHost[] {
  const byAddress = new Map(hosts.map((host) => [host.address, host]));
  return openTcp(hosts).map((read) => {
    const ports = byAddress.get(read.address)?.ports ?? [];
    const mute = ports.filter(
      ({ state, protocol, service }) => state === 'open' && protocol === 'tcp' && !saysWhatItIs(service),
    );
    const { tcp = [] } = portsOf(mute);
    return tcp.length === 0 ? read : { ...read, unclear: formatRanges(tcp) };
  });
}

/**
 * What is open and not known. Nothing is known of a host that another network card answers for, not even if both are
 * made-up: that is no change to report, but the host may be another virtual machine.
 */
export function dueOf(hosts: readonly HostObservation[], known: readonly KnownHost[]): HostPorts[] {
  const byAddress = new Map(known.map((host) => [host.address, host]));
  const macs = new Map(hosts.map(({ address, mac }) => [address, mac]));
  return openTcp(hosts).flatMap(({ address, tcp }) => {
    const before = byAddress.get(address);
    const [card, now] = [before?.mac, macs.get(address)];
    const isOther = card !== undefined && now !== undefined && card !== now;
    const left = subtractRanges(readRanges(tcp), readRanges(isOther ? '' : (before?.tcp ?? '')));
    return left.length === 0 ? [] : [{ address, tcp: formatRanges(left) }];
  });
}

/** The runs that identify these ports: each asks its hosts for the same ones, those of many hosts first. */
export function identityRuns(request: ChunkRequest, due: readonly HostPorts[]): ChunkRequest[] {
  const groups = [...grouped(due, ({ tcp }) => tcp)]
    .map(([tcp, hosts]): [string, string[]] => [tcp, hosts.map(({ address }) => address)])
    .sort(([, a], [, b]) => b.length - a.length);
  const exact = groups.length > MAX_RUNS ? groups.slice(0, MAX_RUNS - 1) : groups;
  const rest = groups.slice(exact.length);
  const runs = rest.length === 0 ? exact : [...exact, together(rest)];
  return runs.map(([tcp, addresses]) => identityRun(request, tcp, addresses));
}

const NONE: RangeSet<number> = [];

function together(groups: readonly (readonly [tcp: string, addresses: readonly string[]])[]): [string, string[]] {
  const ports = groups.reduce((all, [tcp]) => uniteRanges(all, readRanges(tcp)), NONE);
  return [formatRanges(ports), groups.flatMap(([, addresses]) => addresses)];
}

function identityRun(request: ChunkRequest, ports: string, addresses: readonly string[]): ChunkRequest {
  const { topPorts: _, ...settings } = request.settings;
  const { family } = request;
  return {
    ...{ ranges: toAddressRanges(rangesOf(addresses)), family },
    settings: { ...settings, ports, udp: false, skipDiscovery: true },
  };
}
