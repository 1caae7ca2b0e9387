import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, scanOf, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const five = many(5, { open: [22] });
const without = (address: string) => Object.fromEntries(Object.entries(five).filter(([one]) => one !== address));

describe('a host', () => {
  it('is unresponsive for two missed scans and down at the third', () => {
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(2, 4, without(A))]);
    expect(host(judged)).toMatchObject({ code: 'unresponsive', present: true, lastSeen: 3 * 86_400_000 });
    const third = judgeAll([scanOf(6, without(A))], {}, judged.belief);
    expect(toldInAll(third)).toEqual([`host-down ${A}`]);
    expect(third.judgements[0]?.deltas[0]?.evidence[0]).toBe('missed 3 scans in a row');
    expect(host(third)).toMatchObject({ code: 'down', present: false, lastSeen: 3 * 86_400_000 });
  });

  it('takes its services with it, unreported, and has them back when it recovers', () => {
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(4, 4, without(A)), scanOf(8, five)]);
    expect(toldInAll(judged)).toEqual([`host-down ${A}`, `host-recovered ${A}`]);
    expect(host(judged)).toMatchObject({ code: 'recovered', present: true });
    expect(host(judged).lastSeen).toBeUndefined();
  });

  it('that goes down ends the doubts about its services', () => {
    const doubtful = { ...five, [A]: { silent: [22] } };
    const judged = judgeAll([...repeat(3, 1, five), scanOf(4, doubtful), ...repeat(3, 5, without(A))]);
    expect(linesOf(judged.judgements[3], 'candidate')).toEqual([`service-removed ${A} 22/tcp`]);
    expect(linesOf(judged.judgements[6], 'refuted')).toEqual([`service-removed ${A} 22/tcp`]);
    expect(told(judged.judgements[6])).toEqual([`host-down ${A}`]);
  });

  it('that recovers reports what changed meanwhile, and its code says recovered', () => {
    const changed = { ...five, [A]: { open: [25] } };
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(3, 4, without(A)), scanOf(7, changed)]);
    expect(told(judged.judgements.at(-1)).sort()).toEqual([
      `host-recovered ${A}`,
      `service-added ${A} 25/tcp`,
      `service-removed ${A} 22/tcp`,
    ]);
    expect(host(judged).code).toBe('recovered');
  });

  it('needs as many misses as the user says', () => {
    const gone = [...repeat(3, 1, five), ...repeat(6, 4, without(A))];
    const at = (downAfter: number) => judgeAll(gone, { downAfter }).judgements.findIndex((one) => told(one).length > 0);
    expect(at(5)).toBe(3 + 5 - 1);
    expect(at(3)).toBe(3 + 3 - 1);
  });

  it('missing from a scan that did not cover it has missed nothing', () => {
    const elsewhere = { addresses: [['10.0.0.2', '10.0.0.9']] as const };
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(6, 4, without(A), elsewhere)]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged)).toMatchObject({ code: 'undetermined', present: true });
  });

  it('keeps its misses over scans without evidence about it', () => {
    const elsewhere = repeat(3, 6, without(A), { addresses: [['10.0.0.2', '10.0.0.9']] });
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(2, 4, without(A)), ...elsewhere, scanOf(9, without(A))]);
    expect(told(judged.judgements.at(-1))).toEqual([`host-down ${A}`]);
    expect(toldInAll(judged)).toHaveLength(1);
  });

  it.each([1, 2, 3])(
    'that missed down-after:%i scans is reported then, whatever min-grade is, with its chance',
    (downAfter) => {
      const shaky = Array.from({ length: 24 }, (_, i) => scanOf(1 + i, i % 3 === 2 ? without(A) : five));
      const known = judgeAll(shaky.slice(0, -1));
      const judged = judgeAll(repeat(downAfter, 24, without(A)), { downAfter, minGrade: 'green' }, known.belief);
      expect(judged.judgements.map((one) => told(one).length)).toEqual([...Array(downAfter - 1).fill(0), 1]);
      const delta = judged.judgements.at(-1)?.deltas[0];
      expect(delta).toMatchObject({ kind: 'host-down', due: true, grade: 'red' });
    },
  );

  it('waits for more certainty where every scan loses hosts that are up', () => {
    const all = many(20, { open: [22] });
    const lossy = (number: number) =>
      scanOf(number, Object.fromEntries(Object.entries(all).filter(([one], i) => one === A || (i + number) % 7 !== 0)));
    const before = Array.from({ length: 21 }, (_, i) => lossy(1 + i));
    const missed = [22, 23, 24, 25, 26, 27, 28].map((number) => {
      const { hosts, ...rest } = lossy(number);
      return { ...rest, hosts: [...hosts].filter(({ address }) => address !== A) };
    });
    const judged = judgeAll([...before, ...missed], { downAfter: 1 });
    const at = judged.judgements.findIndex((one) => told(one).includes(`host-down ${A}`));
    expect(at).toBeGreaterThan(21);
    expect(toldInAll(judged).filter((line) => line.startsWith('host-down'))).toEqual([`host-down ${A}`]);
  });

  it('is ever likelier to be down although as many of the hosts missed with it as usual are back', () => {
    const all = Object.entries(many(60, { open: [22] }));
    // Six of 60 are missed in each scan, different ones each time; one of them from scan 13 on.
    const lossy = (number: number) => (_: unknown, index: number) =>
      (index - 1) % 10 !== number % 10 && (index > 0 || number < 13);
    const scans = Array.from({ length: 15 }, (_, index) =>
      scanOf(index + 1, Object.fromEntries(index < 2 ? all : all.filter(lossy(index + 1)))),
    );
    const { judgements } = judgeAll(scans, { downAfter: 5 });
    const chances = judgements.slice(12).map(({ deltas }) => deltas.find(({ address }) => address === A)?.probability);
    const [first = 0, second = 1, third = 1] = chances;
    expect(first).toBeGreaterThan(0.99);
    expect(second).toBeLessThan(0.97);
    expect(third).toBeLessThan(0.8);
  });

  it('that was missed once before half of its neighbours are cut off is not down before they are: they are its control', () => {
    const all = Object.entries(many(20, { open: [22] }));
    const without = (from: number, to: number) =>
      Object.fromEntries(all.filter((_, index) => index < from || index > to));
    // One of 20 is missed in each scan.
    const lossy = Array.from({ length: 8 }, (_, index) => scanOf(3 + index, without(11 + index, 11 + index)));
    const before = [...repeat(2, 1, many(20, { open: [22] })), ...lossy, scanOf(11, without(0, 0))];
    const judged = judgeAll([...before, ...repeat(2, 12, without(0, 9)), scanOf(14, many(20, { open: [22] }))]);
    expect(toldInAll(judged)).toEqual([]);
    expect(linesOf(judged.judgements[12], 'candidate')).toContain(`host-down ${A}`);
  });

  it('assumed up by -Pn is judged by its ports alone', () => {
    const pn = (seen: object) => ({ [A]: { reason: 'user-set', ...seen } });
    const silent = { bare: true, silent: Array.from({ length: 100 }, (_, i) => i + 1) };
    const judged = judgeAll([...repeat(3, 1, pn({ open: [22] })), ...repeat(3, 4, pn(silent))]);
    expect(toldInAll(judged)).toEqual([`host-down ${A}`]);
  });

  it('that only answers -Pn is not missed by a scan that pings', () => {
    const pn = { [A]: { reason: 'user-set', open: [22] } };
    const judged = judgeAll([...repeat(3, 1, pn), ...repeat(6, 4, {})]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged).code).toBe('undetermined');
  });

  it('found only by raw probes is not missed by unprivileged scans', () => {
    const unprivileged = repeat(6, 4, without(A), { scanTypes: ['connect'] });
    const judged = judgeAll([...repeat(3, 1, five), ...unprivileged]);
    expect(toldInAll(judged)).toEqual([]);
    expect(host(judged, '10.0.0.2').code).toBe('unchanged');
  });

  it('that keeps missing scans is ever likelier to be down', () => {
    const judged = judgeAll([...repeat(3, 1, five), ...repeat(3, 4, without(A))]);
    const chances = judged.judgements.flatMap((one) => one.deltas).map(({ probability }) => probability);
    expect(chances).toHaveLength(3);
    expect(chances).toEqual([...chances].sort((a, b) => b - a));
    expect(judged.judgements[5]?.deltas[0]).toMatchObject({ state: 'confirmed', grade: 'green' });
  });
});
