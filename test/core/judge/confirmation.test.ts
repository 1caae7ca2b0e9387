import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, type Seen, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const web = { ...many(4, { open: [22] }), [A]: { open: [22, 80] } };
const silent = { ...web, [A]: { open: [22], silent: [80] } };
const gone = many(3, { open: [22] }, 2);

/** A confirmation scan uses -Pn, and only probes what is doubtful. */
const confirm = (number: number, hosts: Record<string, Seen>, options = {}) =>
  scanOf(
    number,
    Object.fromEntries(Object.entries(hosts).map(([one, seen]) => [one, { bare: true, reason: 'user-set', ...seen }])),
    { kind: 'confirmation', addresses: Object.keys(hosts).map((one) => [one, one] as const), ...options },
  );

describe('a confirmation scan', () => {
  const doubtful = judgeAll([...repeat(20, 1, web), scanOf(21, silent, { askable: true })]);

  it('is requested for what is doubtful, with a port that shows whether the host is up', () => {
    expect(doubtful.judgements[20]?.doubts).toEqual([
      { address: A, protocol: 'tcp', port: 80 },
      { address: A, protocol: 'tcp', port: 1 },
    ]);
  });

  it('refutes a miss when the service answers', () => {
    const after = judgeAll([confirm(21, { [A]: { open: [80] } })], {}, doubtful.belief);
    expect(linesOf(after.judgements[0], 'refuted')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(service(after, 80)?.memory).toMatchObject({ refuted: 1 });
    expect(after.judgements[0]?.doubts).toEqual([]);
  });

  it('confirms at once what is closed', () => {
    const closed = confirm(21, { [A]: { bare: false } }, { ports: [[80, 80]] });
    const after = judgeAll([closed], {}, doubtful.belief);
    expect(told(after.judgements[0])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(host(after).code).toBe('services-removed');
  });

  it('is repeated until the chance is under 5 %, or no confirmation is left', () => {
    const lossy = { ...web, [A]: { open: [22], silent: [80, ...Array.from({ length: 12 }, (_, i) => i + 1)] } };
    const doubt = judgeAll([...repeat(4, 1, web), scanOf(5, lossy, { askable: true })]);
    const still = { [A]: { silent: [80], open: [22] } };
    const first = judgeAll([confirm(5, still, { askable: true })], {}, doubt.belief);
    expect(linesOf(first.judgements[0], 'candidate')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(first.judgements[0]?.doubts).toContainEqual({ address: A, protocol: 'tcp', port: 80 });
    const second = judgeAll([confirm(5, still)], {}, first.belief);
    expect(told(second.judgements[0])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(second.judgements[0]?.deltas[0]?.evidence).toContain('no answer to 2 confirmation scans either');
  });

  it('settles everything that one scan left in doubt, however many closed the same port', () => {
    const hosts = many(60, { open: [22, 80] });
    const dropped = many(60, { open: [22], silent: [80] });
    const doubt = judgeAll([...repeat(6, 1, hosts), scanOf(7, dropped, { askable: true })]);
    expect(told(doubt.judgements[6])).toEqual([]);
    const asked = many(60, { bare: true, reason: 'user-set', silent: [80], open: [22] });
    const after = judgeAll([scanOf(7, asked, { kind: 'confirmation' })], {}, doubt.belief);
    expect(told(after.judgements[0])).toHaveLength(60);
  });

  it('settles a service whose host lost its other ports in that scan as well', () => {
    const ports = [
      [22, 22],
      [80, 80],
    ] as const;
    const last = '10.0.0.60';
    const dropped = { ...many(59, { open: [22], silent: [80] }), [last]: { silent: [22, 80] } };
    const before = repeat(3, 1, many(60, { open: [22, 80] }), { ports });
    const doubt = judgeAll([...before, scanOf(4, dropped, { ports, askable: true })]);
    expect(doubt.judgements[3]?.notes).toEqual([]);
    const asked = { bare: true, reason: 'user-set', silent: [80], open: [22] };
    const options = { ports, kind: 'confirmation', askable: true } as const;
    const first = judgeAll([scanOf(4, many(60, asked), options)], {}, doubt.belief);
    expect(told(first.judgements[0])).toHaveLength(59);
    expect(first.judgements[0]?.doubts).toContainEqual({ address: last, protocol: 'tcp', port: 80 });
    const second = judgeAll([scanOf(4, { [last]: asked }, options)], {}, first.belief);
    expect(told(second.judgements[0])).toEqual([`service-removed ${last} 80/tcp`]);
  });

  it('draws no conclusion about a service when its host does not answer either', () => {
    const dead = confirm(21, { [A]: { silent: [80, 22] } });
    const after = judgeAll([dead, dead, dead, dead], {}, doubtful.belief);
    expect(toldInAll(after)).toEqual([]);
    expect(service(after, 80)).toEqual(service(doubtful, 80));
  });

  it('confirms services again if their host did not answer', () => {
    const dead = confirm(
      21,
      { [A]: { silent: [80, 1] } },
      {
        askable: true,
        ports: [
          [1, 1],
          [80, 80],
        ],
      },
    );
    const after = judgeAll([dead], {}, doubtful.belief);
    expect(linesOf(after.judgements[0], 'candidate')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(after.judgements[0]?.doubts).toEqual(doubtful.judgements[20]?.doubts);
    expect(service(after, 80)).toEqual(service(doubtful, 80));
  });

  it('refutes a missed host, and never counts towards down-after', () => {
    const missed = judgeAll([...repeat(4, 1, web), ...repeat(2, 5, gone)]);
    expect(missed.judgements[5]?.doubts[0]).toEqual({ address: A });
    const nothing = confirm(6, { [A]: { silent: [22] } });
    const still = judgeAll([nothing, nothing, nothing], {}, missed.belief);
    expect(toldInAll(still)).toEqual([]);
    expect(host(still).memory).toMatchObject({ run: { scans: 2, confirmations: 3 } });
    const back = judgeAll([confirm(6, { [A]: { open: [22] } }), scanOf(7, gone)], {}, missed.belief);
    expect(linesOf(back.judgements[0], 'refuted')).toEqual([`host-down ${A}`]);
    expect(toldInAll(back)).toEqual([]);
    expect(host(back).code).toBe('unresponsive');
  });

  it.each([1, 2, 3])(
    'decides when down-after:%i is reached: silent, it is reported whatever min-grade is',
    (downAfter) => {
      const policy = { downAfter, minGrade: 'green' } as const;
      const shaky = Array.from({ length: 24 }, (_, i) => scanOf(1 + i, i % 3 === 2 ? gone : web));
      const known = judgeAll(shaky.slice(0, -1));
      const missed = judgeAll(repeat(downAfter, 24, gone, { askable: true }), policy, known.belief);
      expect(toldInAll(missed)).toEqual([]);
      const nothing = confirm(23 + downAfter, { [A]: { silent: [22] } });
      const after = judgeAll([nothing], policy, missed.belief);
      expect(after.judgements[0]?.deltas[0]).toMatchObject({ kind: 'host-down', state: 'confirmed', due: true });
      const answered = judgeAll([confirm(23 + downAfter, { [A]: { open: [22] } })], policy, missed.belief);
      expect(toldInAll(answered)).toEqual([]);
    },
  );

  it('makes no host undetermined that it did not scan', () => {
    const after = judgeAll([confirm(21, { [A]: { open: [80] } })], {}, doubtful.belief);
    expect(after.judgements[0]?.hosts.map((state) => state.address)).toEqual([A]);
    expect(host(after, '10.0.0.2').code).toBe('unchanged');
  });

  it('that comes after a newer scan is stale', () => {
    const newer = judgeAll([scanOf(22, web)], {}, doubtful.belief);
    const after = judgeAll([confirm(21, { [A]: { bare: false } }, { ports: [[80, 80]] })], {}, newer.belief);
    expect(after.judgements[0]).toMatchObject({ deltas: [], hosts: [], doubts: [] });
  });

  it('is requested for few pairs however many ports a lossy path leaves silent', () => {
    const hosts = many(200, { open: [22, 80] });
    const lossy = many(200, { open: [80], silent: [22, 7, 8, 9] });
    const judged = judgeAll([...repeat(3, 1, hosts), scanOf(4, lossy)]);
    const doubtful = linesOf(judged.judgements[3], 'candidate');
    expect(doubtful.length).toBeLessThanOrEqual(256);
  });
});

describe('a reset where a service was believed', () => {
  const closed = { ...web, [A]: { open: [22] } };
  const again = { ports: [[80, 80]] as const };
  const asked = judgeAll([...repeat(5, 1, web), scanOf(6, closed, { askable: true })]);

  it('is confirmed before it is reported, and is certain then', () => {
    expect(toldInAll(asked)).toEqual([]);
    expect(asked.judgements[5]?.doubts).toEqual([{ address: A, protocol: 'tcp', port: 80, denied: true }]);
    const after = judgeAll([confirm(6, { [A]: { bare: false } }, again)], {}, asked.belief);
    expect(told(after.judgements[0])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(after.judgements[0]?.deltas[0]).toMatchObject({ grade: 'green', probability: 0.001 });
    expect(host(after).code).toBe('services-removed');
  });

  it('was a restart if it is open again: nothing is reported, and nothing is called shy', () => {
    const after = judgeAll([confirm(6, { [A]: { open: [80] } }, again)], {}, asked.belief);
    expect(toldInAll(after)).toEqual([]);
    expect(linesOf(after.judgements[0], 'refuted')).toEqual([`service-removed ${A} 80/tcp`]);
    expect(service(after, 80)?.memory).toEqual(service(judgeAll(repeat(5, 1, web)), 80)?.memory);
  });

  it('is reported by the next scan at the latest, if it could not be confirmed', () => {
    const next = judgeAll([scanOf(7, closed, { askable: true })], {}, asked.belief);
    expect(toldInAll(next)).toEqual([`service-removed ${A} 80/tcp`]);
  });

  it('is reported at once where confirmations are not possible, as certain as one scan is', () => {
    const judged = judgeAll([...repeat(5, 1, web), scanOf(6, closed)]);
    expect(told(judged.judgements[5])).toEqual([`service-removed ${A} 80/tcp`]);
    expect(judged.judgements[5]?.deltas[0]).toMatchObject({ grade: 'amber' });
    const sure = judgeAll([...repeat(5, 1, web), ...repeat(2, 6, closed)], { minGrade: 'green' });
    expect(told(sure.judgements[5])).toEqual([]);
    expect(told(sure.judgements[6])).toEqual([`service-removed ${A} 80/tcp`]);
  });

  it('is reported at once where hundreds refuse together: that is no restart', () => {
    const all = many(250, { open: [22, 80] });
    const judged = judgeAll([...repeat(4, 1, all), scanOf(5, many(250, {}), { askable: true })]);
    expect(told(judged.judgements[4])).toHaveLength(500);
  });
});
