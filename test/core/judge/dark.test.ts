import { describe, expect, it } from 'vitest';
import { host, judgeAll, linesOf, many, repeat, type Seen, scanOf, service, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const ports = Array.from({ length: 100 }, (_, i) => i + 1);
const office = many(12, { open: [22, 80] });
const dark = { silent: ports };
const withDark = (count: number, seen: Seen = dark) => ({ ...office, ...many(count, seen) });

describe('a host that answers while all its ports fell silent', () => {
  it('is dark: one delta, and its services stay as they are believed', () => {
    const judged = judgeAll([...repeat(6, 1, office), ...repeat(6, 7, withDark(1))]);
    expect(toldInAll(judged)).toEqual([`host-dark ${A}`]);
    expect(told(judged.judgements[7])).toEqual([`host-dark ${A}`]);
    expect(judged.judgements[7]?.deltas[0]?.members).toEqual(['22/tcp', '80/tcp']);
    expect(service(judged, 80)?.present).toBe(true);
    expect(judged.judgements.at(-1)?.hosts).toEqual([]);
  });

  it('is resolved when its ports answer again', () => {
    const judged = judgeAll([...repeat(6, 1, office), ...repeat(3, 7, withDark(1)), scanOf(10, office)]);
    expect(judged.judgements.at(-1)?.resolved).toEqual([{ kind: 'host-dark', address: A }]);
    expect(toldInAll(judged)).toEqual([`host-dark ${A}`]);
    expect(host(judged).code).toBe('unchanged');
  });

  it('for one scan is only a doubt, and refuted', () => {
    const judged = judgeAll([...repeat(6, 1, office), scanOf(7, withDark(1)), scanOf(8, office)]);
    expect(linesOf(judged.judgements[6], 'candidate')).toEqual([`host-dark ${A}`]);
    expect(judged.judgements[6]?.doubts[0]).toEqual({ address: A, protocol: 'tcp', port: 1, ping: true });
    expect(linesOf(judged.judgements[7], 'refuted')).toEqual([`host-dark ${A}`]);
    expect(toldInAll(judged)).toEqual([]);
  });

  it('is reported in the same scan by a confirmation that pings it', () => {
    const doubtful = judgeAll([...repeat(6, 1, office), scanOf(7, withDark(1), { askable: true })]);
    const asked = {
      kind: 'confirmation',
      addresses: [[A, A]],
      ports: [
        [1, 1],
        [22, 22],
        [80, 80],
      ],
    } as const;
    const seen = scanOf(7, { [A]: { bare: true, silent: [1, 22, 80] } }, asked);
    expect(toldInAll(judgeAll([seen], {}, doubtful.belief))).toEqual([`host-dark ${A}`]);
    const answers = scanOf(7, { [A]: { bare: true, open: [22, 80], silent: [1] } }, asked);
    expect(linesOf(judgeAll([answers], {}, doubtful.belief).judgements[0], 'refuted')).toEqual([`host-dark ${A}`]);
  });

  it('that opens a port is reported in that scan, and stays dark', () => {
    const opens = scanOf(9, withDark(1, { open: [33], silent: ports.filter((port) => port !== 33) }));
    const judged = judgeAll([...repeat(6, 1, office), ...repeat(2, 7, withDark(1)), opens, { ...opens, number: 10 }]);
    expect(told(judged.judgements[8])).toEqual([`service-added ${A} 33/tcp`]);
    expect(told(judged.judgements[9])).toEqual([]);
    expect(judged.judgements[9]?.resolved).toEqual([]);
  });

  it('that opens one of the few probed ports stays dark, too', () => {
    const few = {
      ports: [
        [22, 22],
        [80, 80],
        [99, 99],
      ],
    } as const;
    const lone = (seen: Seen) => ({ ...office, [A]: seen });
    const night = lone({ silent: [22, 80, 99] });
    const opens = lone({ open: [99], silent: [22, 80] });
    const judged = judgeAll([
      ...[1, 2, 3, 4, 5, 6].map((number) => scanOf(number, office, few)),
      ...[7, 8, 9].map((number) => scanOf(number, night, few)),
      ...[10, 11, 12, 13].map((number) => scanOf(number, opens, few)),
    ]);
    expect(toldInAll(judged)).toEqual([`host-dark ${A}`, `service-added ${A} 99/tcp`]);
    expect(judged.judgements.flatMap(({ resolved }) => resolved)).toEqual([]);
  });

  it('with others of its subnet is one firewall, over when the last of them answers again', () => {
    const judged = judgeAll([
      ...repeat(6, 1, office),
      ...repeat(3, 7, withDark(6)),
      scanOf(10, withDark(2)),
      scanOf(11, office),
    ]);
    expect(toldInAll(judged)).toEqual(['firewall 10.0.0.0/24']);
    const told = judged.judgements
      .flatMap((one) => one.deltas)
      .find(({ kind, state }) => kind === 'firewall' && state === 'confirmed');
    expect(told?.members).toHaveLength(6);
    expect(judged.judgements[9]?.resolved).toEqual([]);
    expect(judged.judgements[10]?.resolved).toEqual([{ kind: 'firewall', address: '10.0.0.0/24' }]);
  });

  it('with others is reported in the same night: hosts in doubt are no control for the loss of a confirmation', () => {
    const options = { askable: true } as const;
    const doubtful = judgeAll([...repeat(2, 1, office), scanOf(3, withDark(6), options)]);
    expect(linesOf(doubtful.judgements[2], 'candidate')).toHaveLength(6);
    const asked = scanOf(3, many(6, { bare: true, silent: [22, 80, 99] }), {
      ...options,
      kind: 'confirmation',
      addresses: [[A, '10.0.0.6']],
      ports: [
        [22, 22],
        [80, 80],
        [99, 99],
      ],
    });
    expect(toldInAll(judgeAll([asked], {}, doubtful.belief))).toEqual(['firewall 10.0.0.0/24']);
  });

  it('behind a firewall opens a port, which is reported at once', () => {
    const opens = { ...withDark(6), [A]: { open: [33], silent: ports.filter((port) => port !== 33) } };
    const judged = judgeAll([...repeat(6, 1, office), ...repeat(2, 7, withDark(6)), scanOf(9, opens)]);
    expect(told(judged.judgements[8])).toEqual([`service-added ${A} 33/tcp`]);
  });
});

describe('a firewall that no longer drops what is closed', () => {
  it('shows what opens then as new: before, what is closed was as silent', () => {
    const walled = (open: number[]): Seen => ({ open, silent: ports.filter((port) => !open.includes(port)) });
    const judged = judgeAll([...repeat(8, 1, many(12, walled([22]))), scanOf(9, many(12, { open: [22, 25] }))]);
    const [first] = judged.judgements[8]?.deltas ?? [];
    expect(told(judged.judgements[8])).toHaveLength(12);
    expect(first).toMatchObject({ kind: 'service-added', grade: 'green' });
  });
});

describe('a firewall that drops what is closed from now on', () => {
  const walled = (open: number[]): Seen => ({ open, silent: ports.filter((port) => !open.includes(port)) });
  const before = many(12, { open: [22, 25, 80] });
  const behind = { ...many(12, walled([22, 25, 80])), [A]: walled([22, 80]) };

  it('makes no host dark whose services answer, and no path lossy: a service that closes with it is reported', () => {
    const judged = judgeAll([...repeat(6, 1, before), ...repeat(2, 7, behind)]);
    expect(toldInAll(judged)).toEqual([`service-removed ${A} 25/tcp`]);
    expect(judged.judgements.flatMap(({ notes }) => notes)).toEqual([]);
  });

  it('makes no host dark of which one service still answers: the others are reported one by one', () => {
    const five = [22, 25, 80, 90, 95];
    const net = (open: number[]) => ({ ...many(12, { open: [22, 80] }), [A]: walled(open) });
    const judged = judgeAll([...repeat(6, 1, net(five)), ...repeat(5, 7, net([22]))]);
    expect(toldInAll(judged)).toEqual(five.slice(1).map((port) => `service-removed ${A} ${port}/tcp`));
  });

  it('says nothing where nothing else changed, however often it is switched', () => {
    const all = many(12, walled([22, 25, 80]));
    const switched = [...repeat(5, 1, before), ...repeat(4, 6, all), ...repeat(4, 10, before), ...repeat(4, 14, all)];
    expect(toldInAll(judgeAll(switched))).toEqual([]);
  });
});
