import { describe, expect, it } from 'vitest';
import { type ComparedRun, compareRuns } from '../../../src/core/compare/compare.ts';
import type {
  HostObservation,
  PortObservation,
  PortState,
  ServiceIdentity,
} from '../../../src/core/model/observation.ts';
import { parseRun } from '../../../src/core/nmap-xml/parse-run.ts';
import { fixture } from '../nmap-xml/documents.ts';

function port(number: number, state: PortState, reason: string, service?: Partial<ServiceIdentity>): PortObservation {
  const identity: ServiceIdentity = { name: 'http', method: 'probed', confidence: 10, ...service };
  return { protocol: 'tcp', port: number, state, reason, ...(service === undefined ? {} : { service: identity }) };
}
const open = (number: number, service?: Partial<ServiceIdentity>): PortObservation =>
  port(number, 'open', 'syn-ack', service);
const closed = (number: number): PortObservation => port(number, 'closed', 'reset');
const silent = (number: number): PortObservation => port(number, 'filtered', 'no-response');

function host(address: string, ports: PortObservation[], change: Partial<HostObservation> = {}): HostObservation {
  return { address, hostnames: [], status: 'up', reason: 'echo-reply', timedOut: false, ports, extra: [], ...change };
}

type Change = { args?: string; version?: string; complete?: boolean; total?: number };
function run(
  hosts: HostObservation[],
  { args = 'nmap 10.0.0.0/24', version = '7.93', complete = true, total = 256 }: Change = {},
): ComparedRun {
  const header = { nmapVersion: version, args, scanTypes: ['syn'], ports: { tcp: [[1, 1000] as const] }, startedAt: 0 };
  return { header, hosts, end: { complete, hostsTotal: total } };
}

function told(older: ComparedRun, newer: ComparedRun): string[] {
  return compareRuns(older, newer).deltas.map(({ kind, address, port: number, grade }) =>
    [kind, address, number, grade].filter((part) => part !== undefined).join(' '),
  );
}
const A = '10.0.0.1';

describe('two observations of a service', () => {
  it('are reported when both are strong', () => {
    expect(told(run([host(A, [closed(80)])]), run([host(A, [open(80)])]))).toEqual(['service-added 10.0.0.1 80 green']);
    expect(told(run([host(A, [open(80)])]), run([host(A, [closed(80)])]))).toEqual([
      'service-removed 10.0.0.1 80 amber',
    ]);
    const rejected = [port(80, 'filtered', 'admin-prohibited')];
    expect(told(run([host(A, [open(80)])]), run([host(A, rejected)]))).toEqual(['service-removed 10.0.0.1 80 amber']);
  });

  it('carry their sides and evidence', () => {
    const [delta] = compareRuns(run([host(A, [closed(80)])]), run([host(A, [open(80, { product: 'nginx' })])])).deltas;
    expect(delta).toMatchObject({
      before: { present: false },
      after: { present: true, identity: { product: 'nginx' } },
      evidence: ['open: syn-ack received', 'before: closed: reset received'],
    });
  });

  it.each<[string, PortObservation[], Partial<HostObservation>]>([
    ['a filtered port', [silent(80)], {}],
    ['open|filtered', [port(80, 'open|filtered', 'no-response')], {}],
    ['a port that was not covered', [], {}],
    ['a host that timed out', [closed(80)], { timedOut: true }],
    ['an unreachable host', [port(80, 'filtered', 'host-unreach')], {}],
  ])('are not reported against %s, either way', (_, ports, change) => {
    const withIt = run([host(A, [open(80)])]);
    const without = run([host(A, ports, change)]);
    expect(told(withIt, without)).toEqual([]);
    expect(told(without, withIt)).toEqual([]);
    for (const [older, newer] of [
      [withIt, without],
      [without, withIt],
    ] as const) {
      const named = compareRuns(older, newer).untold.filter(({ port: number }) => number === 80);
      expect(named).toMatchObject([{ host: A, protocol: 'tcp', why: expect.stringMatching(/./) }]);
    }
  });

  it('are reported as changed when a named value became another', () => {
    const older = run([host(A, [open(80, { product: 'nginx', version: '1.18.0' })])]);
    const newer = (service: Partial<ServiceIdentity>, change: Change = {}): ComparedRun =>
      run([host(A, [open(80, service)])], change);
    expect(told(older, newer({ product: 'nginx', version: '1.25.3' }))).toEqual(['service-changed 10.0.0.1 80 amber']);
    expect(told(older, newer({ name: 'http-proxy', product: 'nginx/1.18.0' }))).toEqual([]);
    expect(told(older, newer({ name: 'tcpwrapped' }))).toEqual([]);
    expect(told(older, newer({ name: 'ssh', method: 'table' }))).toEqual([]);
    expect(told(older, newer({}))).toEqual([]);
    expect(compareRuns(older, newer({})).untold).toMatchObject([
      { host: A, port: 80, before: 'open (http nginx 1.18.0)', after: 'open (http)' },
    ]);
    expect(told(older, newer({ product: 'Apache' }, { version: '7.95' }))).toEqual([]);
  });

  it('are found among extra ports', () => {
    const extra = [
      {
        state: 'closed',
        reason: 'reset',
        protocol: 'tcp',
        ports: [
          [1, 79],
          [81, 1000],
        ],
      },
    ] as const;
    const deltas = told(
      run([host(A, [open(80)], { extra })]),
      run([host(A, [open(443)], { extra: [{ ...extra[0], ports: [[1, 442]] }] })]),
    );
    expect(deltas).toEqual(['service-removed 10.0.0.1 80 amber', 'service-added 10.0.0.1 443 green']);
  });
});

describe('a host', () => {
  const up = host(A, [open(22)]);
  const down = host(A, [], { status: 'down', reason: 'no-response' });

  it('that is missing from a covering run, or listed as down, is reported with doubt and its services with it', () => {
    expect(told(run([up]), run([]))).toEqual(['host-down 10.0.0.1 red']);
    expect(told(run([up]), run([down]))).toEqual(['host-down 10.0.0.1 red']);
    expect(compareRuns(run([up]), run([])).deltas[0]?.evidence[0]).toBe('no answer in one scan');
  });

  it('that is new in a covered range is reported', () => {
    expect(told(run([]), run([up]))).toEqual(['host-appeared 10.0.0.1 amber']);
    expect(told(run([down]), run([up]))).toEqual(['host-appeared 10.0.0.1 amber']);
  });

  it('is not reported when the other run did not cover it', () => {
    for (const other of [
      run([], { args: 'nmap 10.0.1.0/24' }),
      run([], { complete: false }),
      run([], { args: 'nmap --open 10.0.0.0/24' }),
      run([], { args: 'nmap host.example' }),
    ]) {
      expect(told(run([up]), other)).toEqual([]);
      expect(told(other, run([up]))).toEqual([]);
      expect(compareRuns(run([up]), other).untold).toMatchObject([
        { host: A, before: 'up: echo-reply; open: 22/tcp', after: 'not covered' },
      ]);
    }
  });

  it('is reported by the coverage of its scan when that is known', () => {
    const coverage = { addresses: [['10.0.0.0', '10.0.0.255'] as const], ports: {} };
    const older = run([up], { args: 'nmap -iL -' });
    expect(told(older, { ...run([], { args: 'nmap -iL -', total: 5 }), coverage })).toEqual(['host-down 10.0.0.1 red']);
  });

  it('is reported when both runs had the same list of targets, unless its name resolves differently now', () => {
    const list = { args: 'nmap -iL targets.txt', total: 10 };
    expect(told(run([up], list), run([], list))).toEqual(['host-down 10.0.0.1 red']);
    expect(told(run([], list), run([up], list))).toEqual(['host-appeared 10.0.0.1 amber']);
    expect(told(run([up], list), run([], { ...list, total: 9 }))).toEqual([]);
    const dns = host(A, [open(22)], { hostnames: ['a.example'] });
    expect(told(run([dns], list), run([], list))).toEqual(['host-down 10.0.0.1 red']);
    const named = host(A, [open(22)], { hostnames: ['a.example'], askedAs: ['a.example'] });
    expect(told(run([named], list), run([], list))).toEqual(['host-down 10.0.0.1 red']);
    const moved = compareRuns(run([named], list), run([{ ...named, address: '10.0.0.7' }], list));
    expect(moved.deltas).toEqual([]);
    expect(moved.untold.map(({ host: where, why }) => `${where} ${why}`)).toEqual([
      '10.0.0.7 its name led to another address before',
      '10.0.0.1 its name leads to another address now',
    ]);
  });

  it('that was only assumed to be up is neither new nor gone', () => {
    const assumed = host(A, [silent(22)], { reason: 'user-set' });
    expect(told(run([up]), run([assumed]))).toEqual([]);
    expect(told(run([assumed]), run([up]))).toEqual([]);
    expect(told(run([assumed]), run([]))).toEqual([]);
  });

  it('that occurs twice in a run is reported once, with the content of both entries', () => {
    expect(told(run([]), run([up, up]))).toEqual(['host-appeared 10.0.0.1 amber']);
    const web = host(A, [open(80)]);
    const closedBefore = host(A, [closed(22), closed(80)]);
    expect(told(run([closedBefore]), run([up, web]))).toEqual([
      'service-added 10.0.0.1 22 green',
      'service-added 10.0.0.1 80 green',
    ]);
    expect(told(run([up, web]), run([web, up]))).toEqual([]);
  });
});

describe('many at once', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => host(`10.0.0.${index + 1}`, [open(22)]));

  it('hosts of a subnet that fall silent are one outage', () => {
    const { deltas } = compareRuns(run(hosts), run(hosts.slice(30)));
    expect(deltas).toMatchObject([{ kind: 'outage', address: '10.0.0.0/24', grade: 'amber' }]);
    expect(deltas[0]?.members).toHaveLength(30);
    expect(deltas[0]?.evidence[0]).toBe('30 of 40 hosts fell silent at once');
    expect(told(run(hosts), run(hosts.slice(2)))).toEqual(['host-down 10.0.0.1 red', 'host-down 10.0.0.2 red']);
  });

  it('ports that open everywhere are one delta', () => {
    const all = Array.from({ length: 200 }, (_, index) => index + 1);
    const { deltas } = compareRuns(
      run([host(A, all.map(closed))]),
      run([
        host(
          A,
          all.map((number) => open(number)),
        ),
      ]),
    );
    expect(deltas).toMatchObject([{ kind: 'all-ports-open', address: A }]);
    expect(deltas[0]?.members).toHaveLength(200);
  });
});

describe('real scans of one network in which nothing changed', () => {
  it.each([
    ['a path that was lost for 8 s', 'static_truth_sV.xml', 'blackout8s_during_sS.xml'],
    ['every host timed out', 'static_truth_sV.xml', 'all_hosts_timedout.xml'],
    ['a host timed out', 'base.xml', 'timedout.xml'],
    ['interrupted', 'base.xml', 'interrupted.xml'],
    ['root and unprivileged', 'privileged.xml', 'unprivileged.xml'],
  ])('have no delta: %s', (_, one, other) => {
    const [a, b] = [parseRun(fixture(one)), parseRun(fixture(other))];
    expect(told(a, b)).toEqual([]);
    expect(told(b, a)).toEqual([]);
    expect(told(a, a)).toEqual([]);
  });
});
