import { defined } from '../../core/defined.ts';
import type { Group } from '../../core/model/group.ts';
import type { HostObservation, PortObservation, RunHeader } from '../../core/model/observation.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import { countAddresses } from '../../core/network/address-ranges.ts';
import { groupRanges } from '../../core/network/group-ranges.ts';
import { writeRun } from '../../core/nmap-xml/write-run.ts';
import type { Store } from '../../ports/store.ts';
import type { XmlReader } from '../../ports/xml-reader.ts';
import { readChunks } from '../scanning/gather-evidence.ts';

type ExportDeps = { store: Store; reader: XmlReader };

/**
 * The current belief as nmap's XML. The belief comes first; what it does not hold (closed ports, how many were filtered
 * and why) is taken from the newest scan, while its detail is kept.
 */
export async function exportXml(
  { store, reader }: ExportDeps,
  group: Group,
  hosts: readonly HostState[],
  now: number,
): Promise<string> {
  const seen = await newestScan({ store, reader }, group.id);
  const known = new Map(seen.hosts.map((host) => [host.address, host]));
  const present = hosts.filter((host) => host.present);
  const header = seen.header ?? noHeader(present, now);
  const total = Math.min(Number(countAddresses(groupRanges(group))), Number.MAX_SAFE_INTEGER);
  return writeRun(
    header,
    present.map((host) => observationOf(host, known.get(host.address))),
    { hostsTotal: total, finishedAt: seen.scan?.finishedAt ?? now },
  );
}

type Seen = { scan?: Scan; header?: RunHeader; hosts: readonly HostObservation[] };

async function newestScan({ store, reader }: ExportDeps, groupId: number): Promise<Seen> {
  const { items } = await store.scans.list({ groupId, statuses: ['done'], kind: 'scan' }, { limit: 1, offset: 0 });
  const [scan] = items;
  if (scan === undefined) return { hosts: [] };
  const chunks = await readChunks(await store.scans.chunks(scan.id), await store.scans.staged(scan.id), reader);
  const [first] = chunks;
  const hosts = chunks.flatMap((chunk) => chunk.hosts).filter((host) => host.status === 'up');
  return { scan, hosts, ...(first === undefined ? {} : { header: first.header }) };
}

function noHeader(hosts: readonly HostState[], now: number): RunHeader {
  const ports = [
    ...new Set(hosts.flatMap((host) => host.services.filter((one) => one.protocol === 'tcp').map((one) => one.port))),
  ];
  const tcp = ports.sort((a, b) => a - b).map((port): [number, number] => [port, port]);
  return { nmapVersion: '7.93', args: 'nmap', scanTypes: ['syn'], ports: { tcp }, startedAt: now };
}

function observationOf(host: HostState, seen: HostObservation | undefined): HostObservation {
  const believed = host.services.filter((service) => service.present);
  const open = believed.map((service): PortObservation => {
    const same = seen?.ports.find((port) => port.port === service.port && port.protocol === service.protocol);
    if (same?.state === 'open') return same;
    const identity = service.identity === undefined ? {} : { service: service.identity };
    return { protocol: service.protocol, port: service.port, state: 'open', reason: 'syn-ack', ...identity };
  });
  const isBelieved = (port: PortObservation) =>
    believed.some((service) => service.port === port.port && service.protocol === port.protocol);
  const others = (seen?.ports ?? []).filter((port) => port.state !== 'open' && !isBelieved(port));
  return {
    ...{ address: host.address, status: 'up', reason: seen?.reason ?? 'user-set', timedOut: false },
    hostnames: seen?.hostnames ?? host.hostnames,
    ...defined({ mac: host.mac, vendor: host.vendor }),
    ...(seen?.askedAs === undefined ? {} : { askedAs: seen.askedAs }),
    ports: [...open, ...others].sort((a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port),
    extra: seen?.extra ?? [],
  };
}
