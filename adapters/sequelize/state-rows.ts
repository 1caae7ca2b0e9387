import type { ServiceIdentity } from '../../src/core/model/observation.ts';
import type { HostState, ServiceState } from '../../src/core/model/state.ts';
import { parseAddress } from '../../src/core/network/addresses.ts';
import { packIdentity, sharedIdentity, unpackIdentity } from './packed-identity.ts';
import { hostPacking, servicePacking } from './packed-memory.ts';
import { nonNull, plain, sharedJson } from './rows.ts';
import type { HostRow, ServiceRow } from './tables/state-tables.ts';

/** Text that sorts like the addresses: IPv4 before IPv6, each by number. */
export function sortKey(text: string): string {
  const address = parseAddress(text);
  return address === undefined ? `9${text}` : `${address.family}${address.value.toString(16).padStart(32, '0')}`;
}

export function hostRow(groupId: number, host: HostState, steady: string | undefined): HostRow {
  return {
    group_id: groupId,
    address: host.address,
    sort_key: sortKey(host.address),
    code: host.code,
    present: host.present ? 1 : 0,
    first_seen: host.firstSeen,
    last_seen: host.lastSeen ?? null,
    hostnames: JSON.stringify(host.hostnames),
    mac: host.mac === undefined ? null : plain(host.mac),
    vendor: host.vendor === undefined ? null : plain(host.vendor),
    memory: hostPacking.pack(host.memory),
    steady: steady ?? null,
  };
}

/** The columns of a service's row that a belief needs. */
export const BELIEVED = [
  'address',
  'group_id',
  'protocol',
  'port',
  'since',
  'until',
  'present',
  'position',
  'identity',
  'memory',
] as const;
export type BelievedService = Pick<ServiceRow, (typeof BELIEVED)[number]>;

export function toHost(row: HostRow, services: readonly BelievedService[]): HostState {
  return {
    address: row.address,
    code: row.code as HostState['code'],
    present: row.present === 1,
    firstSeen: row.first_seen,
    hostnames: sharedJson<HostState['hostnames']>(row.hostnames),
    services: [...services].sort((a, b) => a.position - b.position).map(toService),
    memory: hostPacking.shared(row.memory),
    ...nonNull({ lastSeen: row.last_seen, mac: row.mac, vendor: row.vendor }),
  };
}

export function serviceRow(groupId: number, address: string, service: ServiceState, position: number): ServiceRow {
  const { identity } = service;
  return {
    group_id: groupId,
    address,
    protocol: service.protocol,
    port: service.port,
    since: service.since,
    until: service.until ?? null,
    present: service.present ? 1 : 0,
    current: 1,
    position,
    identity: identity === undefined ? null : packIdentity(identity),
    name: identity === undefined ? null : searchable(identity.name),
    product: identity?.product === undefined ? null : searchable(identity.product),
    memory: servicePacking.pack(service.memory),
  };
}

function toService(row: BelievedService): ServiceState {
  return {
    protocol: row.protocol as ServiceState['protocol'],
    port: row.port,
    present: row.present === 1,
    since: row.since,
    memory: servicePacking.shared(row.memory),
    ...(row.until === null ? {} : { until: row.until }),
    ...(row.identity === null ? {} : { identity: sharedIdentity(row.identity) }),
  };
}

export function identityOf(row: { identity: string | null }): ServiceIdentity | undefined {
  return row.identity === null ? undefined : unpackIdentity(row.identity);
}

/** Names and products in the form in which they are compared: lower case, at most what an index holds. */
export function searchable(text: string): string {
  return plain(text).toLowerCase().slice(0, 255);
}

/** Identifies a row's interval within its host. */
export function intervalKey(row: Pick<ServiceRow, 'address' | 'protocol' | 'port' | 'since'>): string {
  return `${row.address}|${row.protocol}|${row.port}|${row.since}`;
}

export function sameRow<R extends object>(a: R, b: R): boolean {
  return Object.entries(b).every(([key, value]) => Reflect.get(a, key) === value);
}
