import { GROUP_DEFAULTS, type Group, type GroupSpec } from '../../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import type { ChunkRequest, Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import type { HostState, ServiceState } from '../../../src/core/model/state.ts';
import type { DeltaRef, JudgementCommit, NewDelta, NewScan, Store, TemporaryId } from '../../../src/ports/store.ts';

export const T0 = 1_764_000_000_000;
export const ADMIN = 'console:local';

export const spec = (name: string, change: Partial<GroupSpec> = {}): GroupSpec => ({
  ...GROUP_DEFAULTS,
  name,
  targets: ['10.0.0.0/24', 'fe80::/120', 'host.example'],
  exclude: ['10.0.0.13'],
  policy: DEFAULT_POLICY,
  ...change,
});

export const addGroup = (store: Store, name = 'lab'): Promise<Group> => store.groups.add(spec(name), ADMIN, T0);

export const settings: ScanSettings = {
  profile: 'standard',
  topPorts: 1000,
  tcp: true,
  udp: false,
  versionDetection: true,
  timing: 4,
  resolveNames: false,
  skipDiscovery: false,
};

const chunk: ChunkRequest = { ranges: [['10.0.0.0', '10.0.0.255']], family: 4, settings };

export const newScan = (groupId: number, change: Partial<NewScan> = {}): NewScan => ({
  groupId,
  kind: 'scan',
  origin: { type: 'command', by: ADMIN, channel: 'console:main' },
  settings,
  site: 'local',
  chunks: [chunk, { ...chunk, ranges: [['fe80::', 'fe80::ff']], family: 6 }],
  hostsTotal: 512,
  queuedAt: T0,
  notes: [],
  ...change,
});

/** A scan whose chunks have ended: ready for its commit. */
export async function judgingScan(store: Store, groupId: number, change: Partial<NewScan> = {}): Promise<Scan> {
  const { scan } = await store.scans.add(newScan(groupId, change));
  await store.scans.transition(scan.id, ['queued'], 'judging', { startedAt: T0 + 1 });
  return scan;
}

export const service = (port: number, change: Partial<ServiceState> = {}): ServiceState => ({
  protocol: 'tcp',
  port,
  present: true,
  since: T0,
  memory: { hits: 1 },
  ...change,
});

export const host = (address: string, change: Partial<HostState> = {}): HostState => ({
  address,
  code: 'new',
  present: true,
  firstSeen: T0,
  hostnames: [],
  services: [],
  memory: {},
  ...change,
});

export const newDelta = (scan: Scan, address: string, change: Partial<NewDelta> = {}): NewDelta => ({
  kind: 'service-added',
  address,
  protocol: 'tcp',
  port: 23,
  groupId: scan.groupId,
  scanId: scan.id,
  at: T0 + 5,
  state: 'confirmed',
  grade: 'green',
  probability: 0.01,
  evidence: ['open: syn-ack received'],
  risk: 'high',
  ...change,
});

export const commitOf = (scan: Scan, change: Partial<JudgementCommit> = {}): JudgementCommit => ({
  scanId: scan.id,
  groupId: scan.groupId,
  at: T0 + 5,
  status: 'done',
  finishedAt: T0 + 5,
  coverage: { addresses: [['10.0.0.0', '10.0.0.255']], ports: { tcp: [[1, 1000]] } },
  group: {},
  hosts: [],
  firstDetermined: [],
  newDeltas: new Map(),
  changedDeltas: [],
  repeats: [],
  expectationsMet: [],
  announce: [],
  touch: [],
  ...change,
});

/** New deltas of a commit, as `new:0`, `new:1`, … */
export const fresh = (deltas: readonly NewDelta[]): Map<TemporaryId, NewDelta> =>
  new Map(deltas.map((delta, index) => [`new:${index}`, delta]));

export const alertOf = (scan: Scan, deltas: readonly DeltaRef[]): NonNullable<JudgementCommit['alert']> => ({
  scanId: scan.id,
  thread: 'hosts',
  deltas,
});

/** Judges a new scan of the group that reports these deltas in one alert, with its messages in one channel. */
export async function tell(
  store: Store,
  groupId: number,
  addresses: readonly string[],
  change: Partial<NewDelta> = {},
): Promise<{ scan: Scan; alertId: number; deltaIds: number[] }> {
  const scan = await judgingScan(store, groupId);
  const newDeltas = fresh(addresses.map((address) => newDelta(scan, address, change)));
  const { alertId, deltaIds } = await store.deltas.commit(
    commitOf(scan, {
      newDeltas,
      alert: alertOf(scan, [...newDeltas.keys()]),
    }),
  );
  if (alertId === undefined) throw new Error('no alert');
  return { scan, alertId, deltaIds };
}

/** Enough that a commit takes a while. */
export const MANY_HOSTS = 150;

export const page = { limit: 100, offset: 0 };
