import type { Acknowledgement, Alert, Delta } from '../../src/core/model/alert.ts';
import { GROUP_DEFAULTS, type Group } from '../../src/core/model/group.ts';
import type { ServiceIdentity } from '../../src/core/model/observation.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import { profileSettings } from '../../src/core/model/profile.ts';
import type { Scan } from '../../src/core/model/scan.ts';
import type { HostState } from '../../src/core/model/state.ts';
import { riskOf } from '../../src/core/risk/risk.ts';

/** The network that the gallery's scenes and the tests of the cards show. */
export const NOW = Date.UTC(2026, 10, 24, 12, 0, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const office: Group = {
  ...GROUP_DEFAULTS,
  id: 1,
  name: 'office',
  targets: ['10.0.4.0/24'],
  exclude: [],
  policy: DEFAULT_POLICY,
  status: 'active',
  createdBy: 'slack:U0ANN',
  createdAt: NOW - 90 * 24 * HOUR,
};
export const dc: Group = { ...office, id: 2, name: 'dc', targets: ['10.2.0.0/22'] };
export const dmz: Group = { ...office, id: 3, name: 'dmz', targets: ['192.0.2.0/24'] };

export const alert: Alert = { id: 7, groupId: 1, scanId: 12, thread: 'hosts', createdAt: NOW };

export const scan: Scan = {
  id: 12,
  groupId: 1,
  number: 9,
  kind: 'scan',
  status: 'done',
  origin: { type: 'schedule', schedule: 1 },
  settings: profileSettings('standard'),
  site: 'local',
  chunkCount: 4,
  chunksDone: 4,
  hostsTotal: 256,
  hostsDone: 256,
  hostsUp: 30,
  queuedAt: NOW - 5 * MINUTE,
  startedAt: NOW - 5 * MINUTE,
  finishedAt: NOW,
  notes: [],
};

const RDP: ServiceIdentity = { name: 'ms-wbt-server', method: 'table', confidence: 3 };

let ids = 40;

/** A delta as the judge and the store would make it: by default RDP opened on a host of the office. */
export function delta(change: Partial<Delta> = {}): Delta {
  const kind = change.kind ?? 'service-added';
  const service = kind.startsWith('service');
  const gone = kind === 'service-removed' || kind === 'host-down' || kind === 'target-removed';
  const plain = {
    kind,
    address: '10.0.4.7',
    ...(service ? { protocol: 'tcp' as const, port: 3389 } : {}),
    before: { present: gone, ...(service && gone ? { identity: RDP } : {}) },
    after: { present: !gone, ...(service && !gone ? { identity: RDP } : {}) },
    ...change,
  };
  const { risk, hint } = riskOf(plain, plain);
  return {
    id: ++ids,
    groupId: 1,
    scanId: 12,
    at: NOW,
    state: 'confirmed',
    grade: 'green',
    probability: 0.003,
    evidence: ['open: syn-ack received', 'was closed: reset received, 4 scans in a row'],
    risk,
    ...(hint === undefined ? {} : { riskHint: hint }),
    firstSeen: NOW,
    lastSeen: NOW,
    alertId: 7,
    repeats: 0,
    acknowledgement: { type: 'open' },
    ...plain,
  };
}

export function service(name: string, method: 'table' | 'probed' = 'probed', product?: string): ServiceIdentity {
  return { name, method, confidence: method === 'probed' ? 10 : 3, ...(product === undefined ? {} : { product }) };
}

/** A service that opened, as a probe found it. */
export function opened(address: string, port: number, name: string, change: Partial<Delta> = {}): Delta {
  return delta({ address, port, after: { present: true, identity: service(name) }, ...change });
}

export function closed(address: string, port: number, name: string, change: Partial<Delta> = {}): Delta {
  const before = { present: true, identity: service(name) };
  const evidence = ['closed: reset received'];
  return delta({ kind: 'service-removed', address, port, before, after: { present: false }, evidence, ...change });
}

export function answered(
  type: 'acknowledged' | 'expected' | 'false-alarm',
  change: { note?: string; announced?: number; byName?: string; at?: number } = {},
): Acknowledgement {
  return { type, by: 'slack:U0ANN', byName: 'ann', at: NOW + 4 * MINUTE, ...change };
}

/** `10.2.0.1`, `10.2.0.2`, … */
export function addresses(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = first + index;
    return `10.2.${Math.floor(at / 256)}.${at % 256}`;
  });
}

export function host(
  address: string,
  ports: readonly (readonly [port: number, name: string])[],
  change: Partial<HostState> = {},
): HostState {
  return {
    address,
    code: 'unchanged',
    present: true,
    firstSeen: NOW - 30 * 24 * HOUR,
    hostnames: [],
    memory: {},
    services: ports.map(([port, name]) => ({
      protocol: 'tcp',
      port,
      present: true,
      since: NOW - 30 * 24 * HOUR,
      identity: service(name),
      memory: {},
    })),
    ...change,
  };
}
