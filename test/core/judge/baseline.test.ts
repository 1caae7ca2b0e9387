import { describe, expect, it } from 'vitest';
import type { Pass } from '../../../src/core/model/judgement.ts';
import { host, judgeAll, many, type Seen, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const ports = Array.from({ length: 100 }, (_, i) => i + 1);
/** Drops what is not open. */
const walled = (open: number[]): Seen => ({ open, silent: ports.filter((port) => !open.includes(port)) });
const net = many(6, walled([22, 25]));
const rest = { addresses: [['10.0.0.7', '10.0.0.255']] as const };

const pass = (number: number, hosts: Record<string, Seen>, options: object) =>
  scanOf(number, hosts, { kind: 'baseline', ...options });
const up = { addresses: [['10.0.0.1', '10.0.0.6']] as const };
const asked = (hosts: Record<string, Seen>) =>
  Object.fromEntries(Object.entries(hosts).map(([one, seen]) => [one, { ...seen, reason: 'user-set' }]));

describe('a baseline', () => {
  it('repeats what the first scan left silent: addresses, and the ports of hosts that drop', () => {
    const { judgements } = judgeAll([scanOf(1, { ...net, '10.0.0.9': { open: [22], silent: [7] } })]);
    expect(judgements[0]?.passes).toEqual([
      {
        addresses: [
          ['10.0.0.0', '10.0.0.0'],
          ['10.0.0.7', '10.0.0.8'],
          ['10.0.0.10', '10.0.0.255'],
        ],
        ports: { tcp: [[1, 100]] },
        up: false,
      },
      { addresses: Object.keys(net).map((one) => [one, one]), ports: { tcp: [[1, 100]] }, up: true },
      { addresses: [['10.0.0.9', '10.0.0.9']], ports: { tcp: [[7, 7]] }, up: true },
    ] satisfies Pass[]);
  });

  it('costs no port where closed ports answer, and nothing once everything was probed', () => {
    const reject = many(6, { open: [22] });
    const { judgements } = judgeAll([scanOf(1, reject), scanOf(2, reject)]);
    expect(judgements[0]?.passes.filter((one) => one.up)).toEqual([]);
    expect(judgements[1]?.passes).toEqual([]);
  });

  it('is made of new targets, wider ports and new hosts too, and only of those', () => {
    const near = { addresses: [['10.0.0.0', '10.0.0.127']] as const };
    const wider = judgeAll([scanOf(1, net, near), scanOf(2, net)]);
    expect(wider.judgements[1]?.passes).toEqual([
      { addresses: [['10.0.0.128', '10.0.0.255']], ports: { tcp: [[1, 100]] }, up: false },
    ]);
    const some = many(6, { open: [22], silent: [23] });
    const ported = judgeAll([scanOf(1, some, { ports: [[1, 50]] }), scanOf(2, some)]);
    expect(ported.judgements[1]?.passes.map((one) => one.up)).toEqual([false, true]);
    const fresh = judgeAll([scanOf(1, net), scanOf(2, { ...net, '10.0.0.9': walled([22]) })]);
    expect(fresh.judgements[1]?.passes).toEqual([
      { addresses: [['10.0.0.9', '10.0.0.9']], ports: { tcp: [[1, 100]] }, up: true },
    ]);
  });

  it.each([
    ['another nmap', { nmapVersion: '7.95' }],
    ['another privilege', { scanTypes: ['connect'] }],
  ])('is repeated for %s, and what older scans had missed is reported', (_, other) => {
    const known = [...Array.from({ length: 4 }, (_, i) => scanOf(1 + i, net)), scanOf(5, net, other)];
    const found = asked({ ...net, [A]: walled([22, 25, 80]) });
    const judged = judgeAll([...known, pass(5, found, { ...up, ...other }), scanOf(6, net, other)]);
    expect(judged.judgements[3]?.passes).toEqual([]);
    expect(judged.judgements[4]?.passes.map((one) => one.up)).toEqual([false, true]);
    expect(told(judged.judgements[5])).toEqual([`service-added ${A} 80/tcp`]);
    expect(judged.judgements[5]?.firstDetermined).toEqual([]);
    expect(judged.judgements[6]?.passes).toEqual([]);
  });

  it('learns what a pass finds without reporting it, repeats, and ends when a pass finds nothing new', () => {
    const found = { ...net, [A]: walled([22, 25, 80]) };
    const judged = judgeAll([scanOf(1, net), pass(1, asked(found), up), pass(1, asked(found), up)]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[1]?.firstDetermined).toMatchObject([{ address: A, port: 80 }]);
    expect(judged.judgements[1]?.passes).toHaveLength(1);
    expect(judged.judgements[2]?.passes).toEqual([]);
    expect(judged.judgements[2]?.unseen).toBeLessThan(judged.judgements[1]?.unseen ?? 0);
    expect(service(judged, 80)?.present).toBe(true);
  });

  it('finds hosts that the first scan missed', () => {
    const judged = judgeAll([scanOf(1, net), pass(1, { '10.0.0.77': walled([22]) }, rest)]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged, '10.0.0.77').present).toBe(true);
  });

  it('makes the next scan certain: a port that opens behind a drop is reported that night', () => {
    const opened = scanOf(2, { ...net, [A]: walled([22, 25, 44]) });
    const chance = (passes: number) => {
      const looks = Array.from({ length: passes }, () => [pass(1, {}, rest), pass(1, asked(net), up)]).flat();
      const { judgements } = judgeAll([scanOf(1, net), ...looks, opened]);
      expect(told(judgements.at(-1))).toEqual([`service-added ${A} 44/tcp`]);
      return judgements.at(-1)?.deltas[0]?.probability ?? 1;
    };
    expect(chance(0)).toBeGreaterThan(0.3);
    expect(chance(1)).toBeLessThan(0.3);
    expect(chance(2)).toBeLessThan(0.05);
  });

  it('makes the next scan certain of a host that appears, and of a port that opens on it a night later', () => {
    const newcomer = { ...net, '10.0.0.50': walled([22]) };
    const first = [scanOf(1, net), pass(1, {}, rest), pass(1, asked(net), up)];
    const its = pass(2, asked({ '10.0.0.50': walled([22]) }), { addresses: [['10.0.0.50', '10.0.0.50']] });
    const opened = scanOf(3, { ...newcomer, '10.0.0.50': walled([22, 44]) });
    const judged = judgeAll([...first, scanOf(2, newcomer), its, opened]);
    expect(judged.judgements[3]?.deltas[0]).toMatchObject({ kind: 'host-appeared', state: 'confirmed' });
    expect(judged.judgements[3]?.deltas[0]?.probability).toBeLessThan(0.2);
    expect(judged.judgements[5]?.deltas[0]).toMatchObject({ kind: 'service-added', port: 44, state: 'confirmed' });
    expect(judged.judgements[5]?.deltas[0]?.probability).toBeLessThan(0.3);
  });

  it('counts no miss: a pass without an answer from a known host or service changes nothing', () => {
    const judged = judgeAll([scanOf(1, net), pass(1, asked({ [A]: walled([22]) }), up)]);
    expect(service(judged, 25)).toMatchObject({ present: true });
    expect(service(judged, 25)?.memory['r']).toBeUndefined();
    expect(host(judged, '10.0.0.2').code).toBe('new');
  });

  it('that comes after a newer scan is stale', () => {
    const judged = judgeAll([scanOf(1, net), scanOf(2, net), pass(1, asked({ ...net, [A]: walled([22, 80]) }), up)]);
    expect(judged.judgements[2]).toMatchObject({ deltas: [], hosts: [], firstDetermined: [] });
  });
});
