import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief, Judgement, ScanEvidence } from '../../../src/core/model/judgement.ts';
import type {
  HostObservation,
  PortObservation,
  Protocol,
  ServiceIdentity,
} from '../../../src/core/model/observation.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/core/model/policy.ts';
import type { Coverage } from '../../../src/core/model/scan.ts';
import type { HostState, ServiceState } from '../../../src/core/model/state.ts';

/** A host in a scan: ports that are open or silent; all others of the scan are closed by a reset. */
export type Seen = {
  open?: readonly number[];
  silent?: readonly number[];
  /** Rejected by a filter: `admin-prohibited`. */
  rejected?: readonly number[];
  /** Gives no evidence about ports that are not named. */
  bare?: boolean;
  identities?: Readonly<Record<number, Partial<ServiceIdentity>>>;
  timedOut?: boolean;
  /** nmap's reason for the host. */
  reason?: string;
  protocol?: Protocol;
  mac?: string;
  os?: string;
  scripts?: Readonly<Record<string, string>>;
};

export type ScanOptions = Partial<Omit<ScanEvidence, 'hosts' | 'coverage'>> & {
  addresses?: Coverage['addresses'];
  ports?: readonly (readonly [number, number])[];
  /** Of UDP. */
  udp?: boolean;
};

const DAY = 86_400_000;
export const NETWORK = [['10.0.0.0', '10.0.0.255']] as const;

/** Evidence of one scan of 10.0.0.0/24, ports 1 to 100, unless given. Hosts that are not named don't answer. */
export function scanOf(number: number, hosts: Readonly<Record<string, Seen>>, options: ScanOptions = {}): ScanEvidence {
  const { addresses = NETWORK, ports = [[1, 100]], udp = false, ...rest } = options;
  return {
    number,
    at: number * DAY,
    kind: 'scan',
    nmapVersion: '7.93',
    scanTypes: ['syn'],
    ...rest,
    coverage: { addresses, ports: udp ? { udp: ports } : { tcp: ports } },
    hosts: Object.entries(hosts).map(([address, seen]) => observe(address, seen, ports)),
  };
}

function observe(address: string, seen: Seen, ranges: readonly (readonly [number, number])[]): HostObservation {
  const { open = [], silent = [], rejected = [], bare = false, protocol = 'tcp' } = seen;
  const named = new Set([...open, ...silent, ...rejected]);
  const closed = ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index).filter((port) => !named.has(port)),
  );
  const port = (number: number, state: PortObservation['state'], reason: string): PortObservation => ({
    ...{ protocol, port: number, state, reason },
    ...(state === 'open' ? { service: identityOf(number, seen) } : {}),
  });
  return {
    ...{ address, hostnames: [], status: 'up', timedOut: seen.timedOut ?? false },
    reason: seen.reason ?? 'echo-reply',
    ...(seen.mac === undefined ? {} : { mac: seen.mac }),
    ...(seen.os === undefined ? {} : { os: { name: seen.os, accuracy: 96 } }),
    ...(seen.scripts === undefined
      ? {}
      : { scripts: Object.entries(seen.scripts).map(([id, output]) => ({ id, output })) }),
    ports: [
      ...open.map((number) => port(number, 'open', protocol === 'udp' ? 'udp-response' : 'syn-ack')),
      ...silent.map((number) => port(number, protocol === 'udp' ? 'open|filtered' : 'filtered', 'no-response')),
      ...rejected.map((number) => port(number, 'filtered', 'admin-prohibited')),
    ],
    extra:
      bare || closed.length === 0
        ? []
        : [{ state: 'closed', reason: 'reset', protocol, ports: closed.map((number) => [number, number] as const) }],
  };
}

function identityOf(port: number, { identities = {} }: Seen): ServiceIdentity {
  const read = identities[port];
  if (read === undefined) return { name: `table-${port}`, method: 'table', confidence: 3 };
  return { name: `service-${port}`, method: 'probed', confidence: 10, ...read };
}

export type Judged = { belief: Belief; judgements: Judgement[] };

/** Judges scans in order; the belief passes through JSON in between, as it does in a database. */
export function judgeAll(scans: readonly ScanEvidence[], policy: Partial<Policy> = {}, from?: Belief): Judged {
  let belief: Belief = from ?? { group: {}, hosts: new Map() };
  const judgements: Judgement[] = [];
  for (const evidence of scans) {
    const judgement = judgeScan(belief, evidence, { ...DEFAULT_POLICY, ...policy });
    judgements.push(judgement);
    belief = stored(belief, judgement);
  }
  return { belief, judgements };
}

export function stored(belief: Belief, judgement: Judgement): Belief {
  const hosts = new Map(belief.hosts);
  for (const state of judgement.hosts) hosts.set(state.address, JSON.parse(JSON.stringify(state)));
  return { group: JSON.parse(JSON.stringify(judgement.group)), hosts };
}

/** `service-removed 10.0.0.1 22/tcp`, for those confirmed and not held back. */
export function told(judgement: Judgement | undefined): string[] {
  return linesOf(judgement, 'confirmed');
}

export function linesOf(judgement: Judgement | undefined, state: 'candidate' | 'confirmed' | 'refuted'): string[] {
  return (judgement?.deltas ?? [])
    .filter((delta) => delta.state === state && delta.suppressed === undefined)
    .map(
      ({ kind, address, port, protocol }) => `${kind} ${address}${port === undefined ? '' : ` ${port}/${protocol}`}`,
    );
}

export function toldInAll({ judgements }: Judged): string[] {
  return judgements.flatMap((judgement) => told(judgement));
}

export function host({ belief }: Judged, address = '10.0.0.1'): HostState {
  const state = belief.hosts.get(address);
  if (state === undefined) throw new Error(`${address} is not known`);
  return state;
}

export function service(judged: Judged, port: number, address = '10.0.0.1'): ServiceState | undefined {
  return host(judged, address).services.find((one) => one.port === port);
}

/** `times` equal scans, numbered from `from`. */
export function repeat(
  times: number,
  from: number,
  hosts: Readonly<Record<string, Seen>>,
  options: ScanOptions = {},
): ScanEvidence[] {
  return Array.from({ length: times }, (_, index) => scanOf(from + index, hosts, options));
}

/** `10.0.0.1` to `10.0.0.count`, all equal. */
export function many(count: number, seen: Seen, first = 1): Record<string, Seen> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`10.0.0.${first + index}`, seen]));
}
