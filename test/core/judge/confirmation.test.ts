import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, type Seen, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const web = { ...many(4, { open: [22] }), [A]: { open: [22, 80] } };
const silent = { ...web, [A]: { open: [22], silent: [80] } };
const gone = many(3, { open: [22] }, 2);

/** A confirmation scan asks by -Pn, and only for what is doubtful. */
const confirm = (number: number, hosts: Record<string, Seen>, options = {}) =>
  scanOf(
    number,
    Object.fromEntries(Object.entries(hosts).map(([one, seen]) => [one, { bare: true, reason: 'user-set', ...seen }])),
    { kind: 'confirmation', addresses: Object.keys(hosts).map((one) => [one, one] as const), ...options },
  );

describe('a confirmation scan', () => {
  const doubtful = judgeAll([...repeat(20, 1, web), scanOf(21, silent)]);

  it('is wanted for what is doubtful, with a port that shows whether the host is there', () => {
    expect(doubtful.judgements[20]?.doubts).toEqual([
      { address: A, protocol: 'tcp', port: 80 },
      { address: A, protocol: 'tcp', port: 1 },
    ]);
  });

  it('refutes a miss when the service answers', () => {
    const after = judgeAll([confirm(21, { [A]: { open: [80] } })], {}, doubtful.belief);
    expect(linesOf(after.judgements[0], 'refuted')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(service(after, 80)?.memory).toMatchObject({ n: 1 });
    expect(after.judgements[0]?.doubts).toEqual([]);
  });

  it('confirms at once what is closed', () => {
    const closed = confirm(21, { [A]: { bare: false } }, { ports: [[80, 80]] });
    const after = judgeAll([closed], {}, doubtful.belief);
    expect(told(after.judgements[0])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(host(after).code).toBe('services-removed');
  });

  it('settles by two silences what a scan left doubtful', () => {
    const still = { [A]: { silent: [80], open: [22] } };
    const first = judgeAll([confirm(21, still)], {}, doubtful.belief);
    expect(linesOf(first.judgements[0], 'candidate')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(first.judgements[0]?.doubts).toContainEqual({ address: A, protocol: 'tcp', port: 80 });
    const second = judgeAll([confirm(21, still)], {}, first.belief);
    expect(told(second.judgements[0])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(second.judgements[0]?.deltas[0]?.evidence).toContain('no answer to 2 confirmation scans either');
  });

  it('says nothing of a service when its host does not answer either', () => {
    const dead = confirm(21, { [A]: { silent: [80, 22] } });
    const after = judgeAll([dead, dead, dead, dead], {}, doubtful.belief);
    expect(toldInAll(after)).toEqual([]);
    expect(after.belief.hosts).toEqual(doubtful.belief.hosts);
  });

  it('refutes a missed host, and never counts towards down-after', () => {
    const missed = judgeAll([...repeat(4, 1, web), ...repeat(2, 5, gone)]);
    expect(missed.judgements[5]?.doubts[0]).toEqual({ address: A });
    const nothing = confirm(6, { [A]: { silent: [22] } });
    const still = judgeAll([nothing, nothing, nothing], {}, missed.belief);
    expect(toldInAll(still)).toEqual([]);
    expect(host(still)).toEqual(host(missed));
    const back = judgeAll([confirm(6, { [A]: { open: [22] } }), scanOf(7, gone)], {}, missed.belief);
    expect(linesOf(back.judgements[0], 'refuted')).toEqual([`host-down ${A}`]);
    expect(toldInAll(back)).toEqual([]);
    expect(host(back).code).toBe('unresponsive');
  });

  it('makes no host undetermined that it did not ask', () => {
    const after = judgeAll([confirm(21, { [A]: { open: [80] } })], {}, doubtful.belief);
    expect(after.judgements[0]?.hosts.map((state) => state.address)).toEqual([A]);
    expect(host(after, '10.0.0.2').code).toBe('unchanged');
  });

  it('that comes after a newer scan is stale', () => {
    const newer = judgeAll([scanOf(22, web)], {}, doubtful.belief);
    const after = judgeAll([confirm(21, { [A]: { bare: false } }, { ports: [[80, 80]] })], {}, newer.belief);
    expect(after.judgements[0]).toMatchObject({ deltas: [], hosts: [], doubts: [] });
  });

  it('is asked for few pairs however many ports a lossy path leaves silent', () => {
    const hosts = many(60, { open: [22, 80] });
    const lossy = many(60, { open: [80], silent: [22] });
    const judged = judgeAll([...repeat(10, 1, hosts), scanOf(11, lossy)]);
    const { doubts = [] } = judged.judgements[10] ?? {};
    expect(doubts.length).toBeLessThanOrEqual(2 * 0.005 * 60 * 100 + 2);
  });
});
