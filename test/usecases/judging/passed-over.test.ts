import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import type { Belief, Judge, ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/core/model/policy.ts';
import type { Scan, ScanSettings } from '../../../src/core/model/scan.ts';
import type { HostState } from '../../../src/core/model/state.ts';
import { writeRun } from '../../../src/core/nmap-xml/write-run.ts';
import type { JudgeChunks } from '../../../src/usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { type ScanOptions, type Seen, scanOf } from '../../core/judge/scans.ts';
import { amount } from '../../thorough.ts';
import { knownOf, stored } from './known.ts';

/** Hosts of two subnets, so that a host has neighbours and other hosts. */
const ADDRESSES = [1, 2, 3, 4, 5, 6].flatMap((host) => [`10.0.0.${host}`, `10.0.1.${host}`]);
const PORTS = Array.from({ length: 12 }, (_, i) => i + 1);
const COVERED = [['10.0.0.0', '10.0.1.255']] as const;

const host: fc.Arbitrary<Seen> = fc
  .record({
    states: fc.array(
      fc.constantFrom('open', 'open', 'open', 'open', 'closed', 'closed', 'closed', 'closed', 'silent', 'rejected'),
      {
        minLength: PORTS.length,
        maxLength: PORTS.length,
      },
    ),
    timedOut: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    reason: fc.constantFrom(...Array.from({ length: 15 }, () => 'echo-reply'), 'user-set'),
    product: fc.constantFrom(undefined, 'nginx', 'Apache httpd'),
    mac: fc.constantFrom(undefined, undefined, '00:11:22:33:44:55', '00:11:22:33:44:66'),
  })
  .map(({ states, timedOut, reason, product, mac }) => {
    const of = (state: string) => PORTS.filter((_, index) => states[index] === state);
    const identities = product === undefined ? {} : { 1: { product }, 5: { product } };
    const seen = { open: of('open'), silent: of('silent'), rejected: of('rejected'), timedOut, reason, identities };
    return mac === undefined ? seen : { ...seen, mac };
  });

/** One that stays the same lets most scans be passed over. */
const quietHost: fc.Arbitrary<Seen> = host.map((seen) => ({
  ...seen,
  silent: [],
  timedOut: false,
  reason: 'echo-reply',
}));

const options: fc.Arbitrary<ScanOptions> = fc.constantFrom<ScanOptions>(
  ...Array.from({ length: 20 }, () => ({})),
  { addresses: [['10.0.0.1', '10.0.0.3']] },
  { ports: [[1, 6]] },
  { scanTypes: ['connect'] },
  { nmapVersion: '7.95' },
  { kind: 'confirmation' },
);

type Network = Record<string, Seen>;
const base: fc.Arbitrary<Network> = fc.array(quietHost, { minLength: 12, maxLength: 12 }).map((hosts) => named(hosts));
const change = fc.oneof(
  fc.constant({}),
  fc.dictionary(fc.constantFrom(...ADDRESSES), quietHost, { maxKeys: 2 }),
  fc.dictionary(fc.constantFrom(...ADDRESSES), host, { maxKeys: 3 }),
);
/** A scan of the network as it is, with some differences, hosts that are off, or a subnet that is. */
const step = fc.record({
  change,
  off: fc.oneof(fc.constant<string[]>([]), fc.subarray(ADDRESSES, { maxLength: 2 })),
  outage: fc.integer({ min: 0, max: 9 }),
  option: options,
  lasting: fc.boolean(),
  /** Whether identities are read: of all, of one subnet, of none. */
  asks: fc.constantFrom('10.0.', '10.0.', '10.0.0.', 'none'),
  /** Additional entries: a host that was scanned again in the same run. */
  again: fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...ADDRESSES), host, { maxKeys: 2 }) },
  ),
});

function named(hosts: readonly Seen[]): Network {
  return Object.fromEntries(hosts.map((seen, index) => [ADDRESSES[index] ?? '', seen]));
}

const history: fc.Arbitrary<ScanEvidence[]> = fc
  .tuple(base, fc.array(step, { minLength: 3, maxLength: 14 }))
  .map(([first, steps]) => {
    let network = first;
    let number = 0;
    return steps.map(({ change, off, outage, option, lasting, again, asks }): ScanEvidence => {
      const shown = { ...network, ...change };
      if (lasting) network = shown;
      const isOff = (address: string) => off.includes(address) || (outage === 0 && address.startsWith('10.0.1.'));
      const there = Object.entries(shown)
        .filter(([address]) => !isOff(address))
        .map(([address, seen]) => [address, address.startsWith(asks) ? seen : { ...seen, identities: {} }] as const);
      if (option.kind !== 'confirmation' || number === 0) number += 1;
      const kind = number === 1 ? 'scan' : (option.kind ?? 'scan');
      const { addresses = COVERED, ports = [[1, 12]] } = option;
      const asked = { ...option, kind, addresses, ports };
      const [once, more] = [scanOf(number, Object.fromEntries(there), asked), scanOf(number, again, asked)];
      return within({ ...once, hosts: [...once.hosts, ...more.hosts] });
    });
  });

/** Only what it probes. */
function within(scan: ScanEvidence): ScanEvidence {
  const { addresses, ports } = scan.coverage;
  const [range] = ports.tcp ?? [];
  const few = addresses !== COVERED;
  const isAsked = ({ port }: { port: number }) => range !== undefined && port >= range[0] && port <= range[1];
  const hosts = [...scan.hosts].filter(({ address }) => !few || /^10\.0\.0\.[1-3]$/.test(address));
  return { ...scan, hosts: hosts.map((one) => ({ ...one, ports: one.ports.filter(isAsked) })) };
}

const settings = { profile: 'quick', ports: '1-12', tcp: true, udp: false, versionDetection: true } as ScanSettings;

async function judged(
  judge: JudgeChunks,
  evidence: ScanEvidence,
  belief: Belief,
  steady: ReadonlyMap<string, string>,
  { policy = DEFAULT_POLICY, more = (xml: string) => xml } = {},
) {
  const { number, at, kind, nmapVersion, scanTypes, coverage, hosts } = evidence;
  const header = { nmapVersion, scanTypes, ports: coverage.ports, args: 'nmap', startedAt: at };
  const written = writeRun(header, hosts, { hostsTotal: 512, finishedAt: at + 1000 });
  const xml = scanTypes.includes('connect') ? written.replaceAll('type="syn"', 'type="connect"') : written;
  const scan = { id: number, groupId: 1, number, kind, hostsTotal: 512, chunkCount: 1, settings } as Scan;
  return judge(
    {
      scan: { ...scan, origin: { type: 'schedule', schedule: 1 } },
      chunks: [{ ranges: coverage.addresses, family: 4, settings }],
      staged: [{ chunk: 0, xml: Buffer.from(more(xml)), outcome: 'complete' }],
      ...{ policy, at, askable: false },
    },
    knownOf(belief, steady),
  );
}

const inOrder = (hosts: Iterable<HostState>) => [...hosts].sort((a, b) => (a.address < b.address ? -1 : 1));

describe('hosts with the same XML as before', () => {
  it('are passed over, and every judgement is exactly the same as if they had been judged', async () => {
    let [all, over] = [0, 0];
    const counting: Judge = (belief, evidence, policy) => {
      if (evidence.kind === 'scan') over += evidence.steady?.hosts ?? 0;
      return judgeScan(belief, evidence, policy);
    };
    const reader = createInlineReader();
    const withPrints = judgeChunksHere({ reader, judge: counting, listed: 0 });
    const without = judgeChunksHere({ reader, judge: judgeScan });
    const nothing: Belief = { group: {}, hosts: new Map() };
    await fc.assert(
      fc.asyncProperty(history, async (scans) => {
        let [a, b] = [
          { belief: nothing, steady: new Map<string, string>() },
          { belief: nothing, steady: new Map<string, string>() },
        ];
        for (const scan of scans) {
          all += [...scan.hosts].length;
          const [short, long] = [
            await judged(withPrints, scan, a.belief, a.steady),
            await judged(without, scan, b.belief, new Map()),
          ];
          if (short === undefined || long === undefined) throw new Error('nothing was judged');
          const { hosts: _short, ...said } = short.judgement;
          const { hosts: _long, ...saidToo } = long.judgement;
          expect(said).toEqual(saidToo);
          expect(short.coverage).toEqual(long.coverage);
          expect(counts(short.seen)).toEqual(counts(long.seen));
          a = stored(a.belief, a.steady, short);
          b = stored(b.belief, new Map(), long);
          expect(inOrder(a.belief.hosts.values())).toEqual(inOrder(b.belief.hosts.values()));
        }
      }),
      { numRuns: amount(4, 40), endOnFailure: true },
    );
    expect(over).toBeGreaterThan(all / 10);
  });
});

const judge = judgeChunksHere({ reader: createInlineReader(), judge: judgeScan, listed: 0 });

describe('hosts whose identities are read now and then', () => {
  it('are passed over with and without them, as long as nothing changes', async () => {
    const read = Object.fromEntries(
      ADDRESSES.map((address) => [address, { open: [5], identities: { 5: { product: 'nginx', version: '1.22' } } }]),
    );
    const ports = Object.fromEntries(ADDRESSES.map((address) => [address, { open: [5] }]));
    const changed = { ...read, '10.0.0.1': { open: [5], identities: { 5: { product: 'nginx', version: '1.24' } } } };
    let known = { belief: { group: {}, hosts: new Map() } as Belief, steady: new Map<string, string>() };
    const judgedHosts: number[] = [];
    const said: string[] = [];
    for (let night = 1; night <= 16; night++) {
      let hosts = 0;
      const counting: Judge = (belief, evidence, policy) => {
        hosts = [...evidence.hosts].length;
        return judgeScan(belief, evidence, policy);
      };
      const network = night % 3 !== 1 ? ports : night > 12 ? changed : read;
      const scan = within(scanOf(night, network, { addresses: COVERED, ports: [[1, 12]] }));
      const here = judgeChunksHere({ reader: createInlineReader(), judge: counting, listed: 0 });
      const result = await judged(here, scan, known.belief, known.steady);
      if (result === undefined) throw new Error('nothing was judged');
      judgedHosts.push(hosts);
      said.push(...result.judgement.deltas.map(({ kind, state }) => `${night}: ${kind} ${state}`));
      known = stored(known.belief, known.steady, result);
    }
    // Nothing is known before the second night, and of a scan with identities before the fourth.
    expect(judgedHosts.slice(0, 4)).toEqual([12, 12, 0, 12]);
    expect(judgedHosts.slice(4, 12)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(judgedHosts.slice(12)).toEqual([1, 1, 1, 1]);
    expect(said).toEqual(['13: service-changed candidate', '16: service-changed confirmed']);
  });
});

describe('a host with the same XML as before is still judged', () => {
  const network = Object.fromEntries(ADDRESSES.map((address) => [address, { open: [5] }]));

  /** This many nights on which nothing changes; returns those on which each kind was reported. */
  async function nights(last: number, policyOf: (night: number) => Policy, more?: (xml: string) => string) {
    let known = { belief: { group: {}, hosts: new Map() } as Belief, steady: new Map<string, string>() };
    const reported: Record<string, number[]> = {};
    let passedOver = 0;
    for (let night = 1; night <= last; night++) {
      const scan = within(scanOf(night, network, { addresses: COVERED, ports: [[1, 12]] }));
      const options = { policy: policyOf(night), ...(more === undefined ? {} : { more }) };
      const result = await judged(judge, scan, known.belief, known.steady, options);
      if (result === undefined) throw new Error('nothing was judged');
      for (const { kind } of result.judgement.deltas) reported[kind] = [...(reported[kind] ?? []), night];
      if (known.steady.size > 0 && result.judgement.hosts.length === 0) passedOver += 1;
      known = stored(known.belief, known.steady, result);
    }
    return { reported, passedOver };
  }

  const script =
    '<script id="ssl-cert" output=""><table key="validity"><elem key="notAfter">1970-02-10T00:00:00</elem></table>' +
    '<elem key="sha256">aa bb</elem></script>';
  const certified = (xml: string) => {
    const end = xml.indexOf('</port>', xml.indexOf('addr="10.0.0.1"'));
    return `${xml.slice(0, end)}${script}${xml.slice(end)}`;
  };

  it('when its certificate is close to its end', async () => {
    const { reported, passedOver } = await nights(38, () => ({ ...DEFAULT_POLICY, certExpiry: true }), certified);
    expect(reported).toEqual({ 'certificate-expiring': [10, 26, 37] });
    expect(passedOver).toBeGreaterThan(3);
  });

  it('when the policy of its group has changed', async () => {
    const { reported, passedOver } = await nights(
      20,
      (night) => ({ ...DEFAULT_POLICY, certExpiry: night >= 18 }),
      certified,
    );
    expect(reported).toEqual({ 'certificate-expiring': [18] });
    expect(passedOver).toBeGreaterThan(3);
  });
});

function counts({ hostsUp, openPorts, believed }: { hostsUp: number; openPorts: number; believed?: object }) {
  return { hostsUp, openPorts, believed };
}
