import { describe, expect, it } from 'vitest';
import { knownIdentities } from '../../../src/core/judge/known-identities.ts';
import { checkedPorts, type IdentityRead, readOf, withRead } from '../../../src/core/model/identity-reads.ts';
import { parseExpectedChanges } from '../../../src/core/network/expected-change.ts';
import { host, type Judged, judgeAll, many, repeat, type Seen, scanOf, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const DAY = 86_400_000;
const WEEK = 7 * DAY;
const ssh = (version: string): Seen => ({
  open: [22, 80],
  identities: { 22: { product: 'OpenSSH', version }, 80: {} },
});
const network = (seen: Seen) => ({ ...many(6, { open: [22] }), [A]: seen });

/** One scan a day; both ports were read on this day. */
const readOn = (day: number, tcp = '22,80'): IdentityRead => ({
  tcp,
  askedAt: day * DAY,
  at: day * DAY,
  site: 'local',
});

/** What a scan on this day need not ask again. */
function knownOn(
  day: number,
  judged: Judged,
  reads: readonly IdentityRead[],
  { everyMs = WEEK, certExpiry = false, expected = '', waited = 0 } = {},
) {
  const when = {
    askedAt: day * DAY,
    now: (day + waited) * DAY,
    site: 'local',
    everyMs,
    policy: { certExpiry },
    expected: parseExpectedChanges(expected),
  };
  return knownIdentities(host(judged, A), reads, when)?.tcp;
}

const quiet = judgeAll(repeat(10, 1, network(ssh('9.2'))));

describe('the identity of an open service is known', () => {
  it('until it is due, not a moment longer, and a little early rather than a whole scan late', () => {
    const reads = [readOn(4)];
    expect([5, 10].map((day) => knownOn(day, quiet, reads))).toEqual(['22,80', '22,80']);
    expect(knownOn(11, quiet, reads)).toBeUndefined();
    expect(knownOn(11 - 1 / 48, quiet, reads)).toBeUndefined();
    expect(knownOn(5, quiet, [readOn(4)], { everyMs: DAY })).toBeUndefined();
  });

  it('for each port by itself', () => {
    expect(knownOn(9, quiet, [readOn(8, '80'), readOn(1, '22')])).toBe('80');
    expect(knownOn(9, quiet, [readOn(8, '443')])).toBeUndefined();
    expect(knownOn(9, quiet, [])).toBeUndefined();
  });

  it('not by a read from a time that has not come: the clock was set back', () => {
    expect(knownOn(9, quiet, [readOn(12)])).toBeUndefined();
  });

  it('not when the scan waited until it was due', () => {
    expect([0, 4, 5, 6].map((waited) => knownOn(6, quiet, [readOn(4)], { waited }))).toEqual([
      ...['22,80', '22,80'],
      ...[undefined, undefined],
    ]);
  });

  it('not by a read of another site, or one of which the site is not known', () => {
    const { site: _, ...before } = readOn(4);
    for (const read of [before, { ...before, site: 'branch' }]) expect(knownOn(6, quiet, [read])).toBeUndefined();
  });

  it('together with the network card that it belongs to', () => {
    const mac = '00:11:22:33:44:55';
    const judged = judgeAll(repeat(3, 1, network({ ...ssh('9.2'), mac })));
    const when = {
      askedAt: 4 * DAY,
      now: 4 * DAY,
      site: 'local',
      everyMs: WEEK,
      policy: { certExpiry: false },
      expected: [],
    };
    expect(knownIdentities(host(judged, A), [readOn(3)], when)).toEqual({ address: A, tcp: '22,80', mac });
  });
});

describe('the identity of a service is due at once', () => {
  const before = repeat(6, 1, network(ssh('9.2')));

  it('when it was closed and is open again', () => {
    const closed = scanOf(7, network({ open: [80], identities: { 80: {} } }));
    const gone = judgeAll([...before, closed, scanOf(8, network({ open: [80], identities: { 80: {} } }))]);
    expect(knownOn(9, gone, [readOn(6)])).toBe('80');
    const back = judgeAll([...before, closed, ...repeat(3, 8, network(ssh('9.2')))]);
    expect(knownOn(11, back, [readOn(6)])).toBe('80');
    expect(knownOn(11, back, withRead([readOn(6)], readOn(10, '22')))).toBe('22,80');
  });

  it('while it refuses or is silent', () => {
    const refused = judgeAll([
      ...before,
      scanOf(7, network({ open: [80], identities: { 80: {} } }), { askable: true }),
    ]);
    expect(knownOn(8, refused, [readOn(6)])).toBe('80');
    const silent = judgeAll([...before, scanOf(7, network({ ...ssh('9.2'), open: [80], silent: [22] }))]);
    expect(knownOn(8, silent, [readOn(6)])).toBe('80');
  });

  it('when a change of it was announced', () => {
    const reads = [readOn(9)];
    const knownWith = (expected: string) => knownOn(10, quiet, reads, { expected });
    expect(['10.0.0.1:22', '10.0.0.0/28:20-30', '10.0.0.2:any', '10.0.0.1'].map(knownWith)).toEqual([
      '80',
      '80',
      '22,80',
      '22,80',
    ]);
    expect(knownWith('10.0.0.1:any')).toBeUndefined();
  });

  it('while another identity was read once', () => {
    const other = judgeAll([...before, scanOf(7, network(ssh('9.9')))]);
    expect(knownOn(8, other, [readOn(7)])).toBe('80');
  });

  it('while its host does not answer', () => {
    const missed = judgeAll([...before, scanOf(7, many(5, { open: [22] }, 2))]);
    const down = judgeAll([...before, ...repeat(4, 7, many(5, { open: [22] }, 2))]);
    for (const judged of [missed, down]) expect(knownOn(12, judged, [readOn(11)])).toBeUndefined();
  });

  it('when its certificate is about to be reported, and while it may be renewed, if the group reports that', () => {
    const certificate = { fingerprint: 'aa', expiresAt: 60 * DAY };
    const shown = network({ open: [443], identities: { 443: { tunnel: 'ssl', certificate } } });
    const nights = (last: number, certExpiry: boolean) =>
      judgeAll(repeat(last, 1, shown, { ports: [[443, 443]] }), { certExpiry });
    const asked = (day: number, certExpiry: boolean) =>
      knownOn(day, nights(day - 1, certExpiry), [readOn(day - 1, '443')], { certExpiry });
    expect([28, 29, 30, 31, 45, 58].map((day) => asked(day, true))).toEqual([
      '443',
      ...Array.from({ length: 5 }, () => undefined),
    ]);
    expect(asked(70, true)).toBe('443');
    expect(asked(30, false)).toBe('443');
  });
});

describe('a scan that has not asked for an identity', () => {
  it('changes nothing that is believed, and says nothing', () => {
    const reads = repeat(4, 1, network(ssh('9.2')));
    const ports = repeat(5, 5, network({ open: [22, 80] }));
    const judged = judgeAll([...reads, ...ports]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged).services).toEqual(host(judgeAll(reads)).services);
    const after = judgeAll([...reads, ...ports, ...repeat(2, 10, network(ssh('9.9')))]);
    expect(toldInAll(after)).toEqual([`service-changed ${A} 22/tcp`]);
  });

  it('neither confirms nor refutes what was read once', () => {
    const once = judgeAll([...repeat(4, 1, network(ssh('9.2'))), scanOf(5, network(ssh('9.9')))]);
    const later = judgeAll([scanOf(6, network({ open: [22, 80] }))], {}, once.belief);
    expect(host(later).services).toEqual(host(once).services);
    expect(toldInAll(judgeAll([scanOf(7, network(ssh('9.9')))], {}, later.belief))).toEqual([
      `service-changed ${A} 22/tcp`,
    ]);
  });
});

describe('the record of reads', () => {
  it('has each port in its latest read only', () => {
    const reads = withRead(withRead([readOn(1, '1-10')], readOn(2, '5')), readOn(3, '5-6,20'));
    expect(reads).toEqual([readOn(3, '5-6,20'), readOn(1, '1-4,7-10')]);
    expect(readOf(reads, 6)?.at).toBe(3 * DAY);
    expect(readOf(reads, 11)).toBeUndefined();
  });

  it('is bounded, however many times there are', () => {
    let reads: IdentityRead[] = [];
    for (let day = 1; day <= 200; day++) reads = withRead(reads, readOn(day, `${day}`));
    expect(reads).toHaveLength(32);
    expect(reads[0]).toEqual(readOn(200, '200'));
  });

  it('takes only sets of ports', () => {
    expect(checkedPorts('22,80-90,65535')).toEqual([
      [22, 22],
      [80, 90],
      [65_535, 65_535],
    ]);
    for (const wrong of ['', '0', '80,22', '22,22', '90-80', '65536', '22;80', '22 -sV', ',', '1-2-3', '999999']) {
      expect(checkedPorts(wrong), wrong).toBeUndefined();
    }
  });
});
