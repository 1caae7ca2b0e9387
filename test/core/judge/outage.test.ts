import { describe, expect, it } from 'vitest';
import { outageThreshold } from '../../../src/core/judge/outage.ts';
import { host, judgeAll, many, repeat, scanOf, told, toldInAll } from './scans.ts';

const all = many(20, { open: [22] });
const rest = Object.fromEntries(Object.entries(all).slice(10));

describe('an outage', () => {
  it('of a whole subnet is one delta, and its end one line', () => {
    const judged = judgeAll([...repeat(4, 1, all), ...repeat(5, 5, {}), scanOf(10, all)]);
    expect(toldInAll(judged)).toEqual(['outage 10.0.0.0/24']);
    expect(judged.judgements[4]?.deltas[0]).toMatchObject({ kind: 'outage', members: Object.keys(all) });
    expect(judged.judgements.flatMap((one) => one.notes)).toEqual([
      'path to 10.0.0.0/24 is back: all 20 hosts answer again, nothing had changed behind it',
    ]);
    expect(host(judged).code).toBe('unchanged');
  });

  it('freezes its hosts: none of them counts a miss, however long it lasts', () => {
    const judged = judgeAll([...repeat(4, 1, all), ...repeat(12, 5, {})]);
    expect(toldInAll(judged)).toEqual(['outage 10.0.0.0/24']);
    expect(host(judged)).toMatchObject({ code: 'undetermined', present: true });
  });

  it('does not exist while neighbours answer: the silent hosts are down after the user’s number of scans', () => {
    const judged = judgeAll([...repeat(4, 1, all), ...repeat(6, 5, rest)]);
    expect(toldInAll(judged)).toEqual(
      Object.keys(all)
        .slice(0, 10)
        .map((address) => `host-down ${address}`),
    );
    expect(told(judged.judgements[6])).toHaveLength(10);
  });

  it('that continues while neighbours answer is over: a translator that answered for 18 unused addresses is gone', () => {
    const real = many(4, { open: [22] });
    const fakes = many(18, { open: [80, 443] }, 50);
    const judged = judgeAll([...repeat(6, 1, real), ...repeat(4, 7, { ...real, ...fakes }), ...repeat(8, 11, real)]);
    const appeared = judged.judgements[6]?.deltas.filter(({ kind }) => kind === 'host-appeared') ?? [];
    expect(appeared).toHaveLength(18);
    expect(appeared.filter(({ grade }) => grade === 'green')).toEqual([]);
    expect(appeared[0]?.evidence.join()).toContain('perhaps one device that answers for all of them');
    expect(told(judged.judgements[10])).toEqual(['outage 10.0.0.0/24']);
    expect(judged.judgements[11]?.notes).toEqual([
      'the path to 10.0.0.0/24 works, as other hosts there show: 18 silent hosts are counted from now on',
    ]);
    const down = judged.judgements.map((one) => told(one).filter((line) => line.startsWith('host-down')).length);
    expect(down).toEqual([...Array(13).fill(0), 18, ...Array(4).fill(0)]);
    expect(judged.belief.hosts.get('10.0.0.1')?.code).toBe('unchanged');
  });

  it('is not 4 office hosts among 12 that are switched off for good', () => {
    const office = many(12, { open: [22] });
    const left = Object.fromEntries(Object.entries(office).slice(4));
    const judged = judgeAll([...repeat(5, 1, office), ...repeat(5, 6, left)]);
    expect(told(judged.judgements[7])).toEqual(
      Object.keys(office)
        .slice(0, 4)
        .map((address) => `host-down ${address}`),
    );
    expect(toldInAll(judged)).toHaveLength(4);
  });

  it('reports afterwards what really closed behind it', () => {
    const closed = { ...all, '10.0.0.3': { open: [] } };
    const judged = judgeAll([...repeat(4, 1, all), ...repeat(2, 5, {}), scanOf(7, closed)]);
    expect(told(judged.judgements[6])).toEqual(['service-removed 10.0.0.3 22/tcp']);
    expect(judged.judgements[6]?.notes[0]).toMatch(/is back: all 20 hosts answer again, one change behind it$/);
  });

  it('counts misses of a host that stays away from the scan in which the path is back', () => {
    const one = Object.fromEntries(Object.entries(all).slice(1));
    const judged = judgeAll([...repeat(4, 1, all), ...repeat(3, 5, {}), ...repeat(3, 8, one)]);
    expect(told(judged.judgements[8])).toEqual([]);
    expect(told(judged.judgements[9])).toEqual(['host-down 10.0.0.1']);
    expect(judged.judgements[7]?.notes[0]).toMatch(/19 of 20 hosts answer again/);
  });

  it('of several small subnets behind one path is one delta for the network around them', () => {
    const addresses = [['10.0.0.0', '10.0.63.255']] as const;
    const hosts = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`10.0.${i}.1`, { open: [22] }]));
    const judged = judgeAll([...repeat(4, 1, hosts, { addresses }), scanOf(5, {}, { addresses })]);
    expect(toldInAll(judged)).toEqual(['outage 10.0.0.0/18']);
  });

  it('of an IPv6 network is about its /64', () => {
    const addresses = [['2001:db8::', '2001:db8::ff']] as const;
    const hosts = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`2001:db8::${i + 1}`, { open: [22] }]));
    const judged = judgeAll([...repeat(4, 1, hosts, { addresses }), scanOf(5, {}, { addresses })]);
    expect(toldInAll(judged)).toEqual(['outage 2001:db8::/64']);
  });

  it('is not two hosts, which wait longer together, or a few among many', () => {
    const two = many(2, { open: [22] });
    expect(toldInAll(judgeAll([...repeat(4, 1, two), ...repeat(6, 5, {})]))).toEqual([
      'host-down 10.0.0.1',
      'host-down 10.0.0.2',
    ]);
    expect(toldInAll(judgeAll([...repeat(4, 1, all), scanOf(5, rest)]))).toEqual([]);
  });

  it('needs more hosts where hosts are missed all the time', () => {
    expect(outageThreshold(60, 0.15)).toBeGreaterThan(outageThreshold(60, 0.01));
  });

  it('is proved over by its canaries in a confirmation scan', () => {
    const judged = judgeAll([...repeat(4, 1, all), scanOf(5, {})]);
    const asked = judged.judgements[4]?.doubts ?? [];
    expect(new Set(asked.map((doubt) => doubt.address))).toEqual(new Set(['10.0.0.1', '10.0.0.2', '10.0.0.3']));
    const confirmation = scanOf(5, many(3, { open: [22], bare: true, reason: 'user-set' }), { kind: 'confirmation' });
    const after = judgeAll([confirmation], {}, judged.belief);
    expect(after.judgements[0]?.notes).toEqual(['path to 10.0.0.0/24 is back: hosts behind it answer again']);
    expect(after.judgements[0]?.resolved).toEqual([{ kind: 'outage', address: '10.0.0.0/24' }]);
    expect(host(after).code).toBe('unchanged');
    const again = judgeAll(repeat(4, 6, {}), {}, after.belief);
    expect(toldInAll(again).filter((line) => line.startsWith('outage'))).toEqual([]);
    expect(toldInAll(again)).toContain('host-down 10.0.0.20');
    const still = judgeAll([scanOf(5, {}, { kind: 'confirmation' }), scanOf(6, {})], {}, judged.belief);
    expect(toldInAll(still)).toEqual([]);
  });
});
