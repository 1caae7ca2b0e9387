import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief, ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { HOST_CODES, type HostCode, type HostState, type Memory } from '../../../src/core/model/state.ts';
import { amount } from '../../thorough.ts';
import { type ScanOptions, type Seen, scanOf, stored } from './scans.ts';

/** Few addresses and ports, so that the same ones change again. */
const ADDRESSES = Array.from({ length: 6 }, (_, i) => `10.0.0.${i + 1}`);
const PORTS = Array.from({ length: 12 }, (_, i) => i + 1);
const RANGES = [[1, 12]] as const;

const seen: fc.Arbitrary<Seen> = fc
  .record({
    states: fc.array(fc.constantFrom('open', 'open', 'closed', 'closed', 'silent', 'rejected'), {
      minLength: PORTS.length,
      maxLength: PORTS.length,
    }),
    timedOut: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    reason: fc.constantFrom('echo-reply', 'echo-reply', 'syn-ack', 'user-set'),
    product: fc.constantFrom(undefined, undefined, 'nginx', 'Apache httpd'),
  })
  .map(({ states, timedOut, reason, product }) => {
    const of = (state: string) => PORTS.filter((_, index) => states[index] === state);
    const identities = product === undefined ? {} : { 1: { product }, 5: { product } };
    return { open: of('open'), silent: of('silent'), rejected: of('rejected'), timedOut, reason, identities };
  });

const options: fc.Arbitrary<ScanOptions> = fc.constantFrom<ScanOptions>(
  ...Array.from({ length: 6 }, () => ({})),
  { addresses: [['10.0.0.1', '10.0.0.3']] },
  { ports: [[1, 6]] },
  { scanTypes: ['connect'] },
  { nmapVersion: '7.95' },
);

const network = fc.dictionary(fc.constantFrom(...ADDRESSES), seen, { maxKeys: 6 });

/** Mostly the same network again, with some differences. */
const series: fc.Arbitrary<ScanEvidence[]> = fc
  .tuple(network, fc.array(fc.tuple(network, options, fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 8 }))
  .map(([base, others]) =>
    others.map(([hosts, option, how], index) => {
      const ports = option.ports ?? RANGES;
      const shown = [hosts, { ...base, ...hosts }, base, {}, all(base, MUTE), all(base, TARPIT)][how] ?? {};
      return scanOf(index + 1, within(shown, ports), { ...option, ports });
    }),
  );

/** Assumed up (`-Pn`), without evidence. */
const MUTE: Seen = { reason: 'user-set', silent: PORTS };
const TARPIT: Seen = { open: PORTS };

function all(hosts: Record<string, Seen>, seen: Seen): Record<string, Seen> {
  return Object.fromEntries(Object.keys(hosts).map((address) => [address, seen]));
}

function within(hosts: Record<string, Seen>, ports: readonly (readonly [number, number])[]): Record<string, Seen> {
  const covered = (port: number) => ports.some(([first, last]) => port >= first && port <= last);
  return Object.fromEntries(
    Object.entries(hosts).map(([address, { open = [], silent = [], rejected = [], ...rest }]) => [
      address,
      { ...rest, open: open.filter(covered), silent: silent.filter(covered), rejected: rejected.filter(covered) },
    ]),
  );
}

const EMPTY: Belief = { group: {}, hosts: new Map() };

function beliefAfter(scans: readonly ScanEvidence[]): Belief {
  return scans.reduce<Belief>((belief, scan) => stored(belief, judgeScan(belief, scan, DEFAULT_POLICY)), EMPTY);
}

const judge = (belief: Belief, scan: ScanEvidence) => judgeScan(belief, scan, DEFAULT_POLICY);
const last = (scans: readonly ScanEvidence[]): ScanEvidence => scans.at(-1) ?? scanOf(1, {});
const runs = { numRuns: amount(25, 200) };

describe('for any series of scans', () => {
  it('the order of hosts and ports does not matter', () => {
    fc.assert(
      fc.property(series, fc.infiniteStream(fc.nat()), (scans, random) => {
        const belief = beliefAfter(scans.slice(0, -1));
        const scan = last(scans);
        const shuffled = { ...scan, hosts: shuffle([...scan.hosts], random).map((host) => reorder(host, random)) };
        expect(judge(belief, shuffled)).toEqual(judge(belief, scan));
      }),
      runs,
    );
  });

  it('splitting a scan into chunks does not change the judgement', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 5 }), (scans, cut) => {
        const belief = beliefAfter(scans.slice(0, -1));
        const scan = last(scans);
        const halves = splitAt(scan, cut);
        expect(judge(belief, halves)).toEqual(judge(belief, scan));
      }),
      runs,
    );
  });

  it('the same evidence again gives no confirmed delta', () => {
    fc.assert(
      fc.property(network, fc.integer({ min: 2, max: 4 }), (hosts, times) => {
        const alike = Array.from({ length: times }, (_, i) => scanOf(i + 1, hosts, { ports: RANGES }));
        const again = judge(beliefAfter(alike.slice(0, -1)), last(alike));
        expect(again.deltas).toEqual([]);
        const reached = Object.values(hosts).every((host) => host.timedOut !== true && host.reason !== 'user-set');
        if (times === 4 && reached) expect(again.hosts).toEqual([]);
      }),
      runs,
    );
  });

  it('the same evidence again repeats no report', () => {
    fc.assert(
      fc.property(series, (scans) => {
        const belief = beliefAfter(scans.slice(0, -1));
        const scan = last(scans);
        const first = judge(belief, scan);
        const again = judge(stored(belief, first), { ...scan, number: scan.number + 1 });
        const told = new Set(confirmed(first.deltas));
        expect(confirmed(again.deltas).filter((key) => told.has(key))).toEqual([]);
      }),
      runs,
    );
  });

  it('a scan without evidence never changes the belief', () => {
    fc.assert(
      fc.property(series, (scans) => {
        const belief = beliefAfter(scans);
        const hosts = Object.fromEntries(
          ADDRESSES.map((address) => [address, { timedOut: true, reason: 'user-set', bare: true }]),
        );
        for (const empty of [
          scanOf(100, {}, { addresses: [] }),
          scanOf(100, {}, { addresses: [['10.9.0.0', '10.9.0.255']] }),
          scanOf(100, hosts, { ports: RANGES }),
        ]) {
          const judgement = judge(belief, empty);
          expect(judgement.deltas).toEqual([]);
          expect(judgement.firstDetermined).toEqual([]);
          expect(essence(stored(belief, judgement))).toEqual(essence(belief));
        }
      }),
      runs,
    );
  });

  it('a belief that went through JSON judges the same', () => {
    fc.assert(
      fc.property(series, (scans) => {
        let kept: Belief = EMPTY;
        let parsed: Belief = EMPTY;
        for (const scan of scans) {
          const [a, b] = [judge(kept, scan), judge(parsed, scan)];
          expect(b).toEqual(a);
          kept = {
            group: a.group,
            hosts: new Map([...kept.hosts, ...a.hosts.map((host) => [host.address, host] as const)]),
          };
          const text = JSON.stringify([kept.group, [...kept.hosts.values()]]);
          const [group, hosts]: [Memory, HostState[]] = JSON.parse(text);
          parsed = { group, hosts: new Map(hosts.map((host) => [host.address, host])) };
        }
      }),
      runs,
    );
  });

  it('every code but unseen is reached', () => {
    const reached = new Set<HostCode>();
    const sample = fc.sample(series, { numRuns: 150, seed: 7 });
    for (const scans of sample) for (const state of beliefAfter(scans).hosts.values()) reached.add(state.code);
    for (const scans of sample.slice(0, 40)) {
      const whole = Array.from({ length: 4 }, (_, i) =>
        scanOf(i + 1, { '10.0.0.1': { open: [1] } }, { ports: RANGES }),
      );
      const gone = Array.from({ length: 4 }, (_, i) => scanOf(i + 5, {}, { ports: RANGES }));
      const back = { ...last(scans), number: 9 };
      for (const state of beliefAfter([...whole, ...gone]).hosts.values()) reached.add(state.code);
      for (const state of beliefAfter([...whole, ...gone, back]).hosts.values()) reached.add(state.code);
    }
    expect([...reached].sort()).toEqual(HOST_CODES.filter((code) => code !== 'unseen').sort());
  });
});

function confirmed(deltas: ReturnType<typeof judge>['deltas']): string[] {
  return deltas
    .filter((delta) => delta.state === 'confirmed')
    .map(({ kind, address, port }) => `${kind} ${address} ${port ?? ''}`);
}

/** The belief, without the code that shows the result of the last scan. */
function essence({ hosts }: Belief) {
  return [...hosts.values()].map(({ address, present, services }) => ({
    address,
    present,
    services: services.map(({ port, present: open, identity }) => ({ port, open, identity })),
  }));
}

function shuffle<T>(items: T[], random: Iterable<number>): T[] {
  const numbers = random[Symbol.iterator]();
  return items
    .map((item) => ({ item, order: Number(numbers.next().value ?? 0) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function reorder(host: ScanEvidence['hosts'] extends Iterable<infer H> ? H : never, random: Iterable<number>) {
  const extra = host.extra.map((one) => ({ ...one, ports: shuffle([...one.ports], random) }));
  return { ...host, ports: shuffle([...host.ports], random), extra: shuffle(extra, random) };
}

/** Two chunks side by side, each with its own ranges, as the pipeline combines them. */
function splitAt(scan: ScanEvidence, cut: number): ScanEvidence {
  const inFirst = (address: string) => Number(address.split('.').at(-1)) <= cut;
  const hosts = [...scan.hosts];
  const addresses = scan.coverage.addresses.flatMap(([first, end]) => {
    const boundary = `10.0.0.${cut}`;
    const next = `10.0.0.${cut + 1}`;
    const numbers = [first, end].map((address) => Number(address.split('.').at(-1)));
    const [from = 0, to = 0] = numbers;
    return from <= cut && cut < to ? [[next, end] as const, [first, boundary] as const] : [[first, end] as const];
  });
  return {
    ...scan,
    coverage: { ...scan.coverage, addresses },
    hosts: [...hosts.filter(({ address }) => !inFirst(address)), ...hosts.filter(({ address }) => inFirst(address))],
  };
}
