import { describe, expect, it } from 'vitest';
import { host, judgeAll, many, repeat, type Seen, scanOf, told, toldInAll } from './scans.ts';

const A = '10.0.0.1';
const B = '10.0.0.2';

describe('learning', () => {
  it('lists what the first scan finds and alerts nothing', () => {
    const { judgements } = judgeAll([scanOf(1, { [A]: { open: [22] } })]);
    expect(judgements[0]?.deltas).toEqual([]);
    expect(judgements[0]?.firstDetermined.map(({ address, port }) => [address, port])).toEqual([
      [A, undefined],
      [A, 22],
    ]);
  });

  it('is over after the first scan: what the next one finds is reported with its chance', () => {
    const hidden = { [A]: { open: [22], silent: [80] } };
    const seen = { [A]: { open: [22, 80] }, [B]: { open: [22] } };
    const judged = judgeAll([...repeat(2, 1, hidden), scanOf(3, seen)]);
    expect(told(judged.judgements[2])).toEqual([
      `service-added ${A} 80/tcp`,
      `host-appeared ${B}`,
      `service-added ${B} 22/tcp`,
    ]);
    expect(judged.judgements[2]?.firstDetermined).toEqual([]);
    const early = judgeAll([scanOf(1, hidden), scanOf(2, seen)]);
    expect(early.judgements[1]?.deltas.map(({ port, grade }) => [port, grade])).toContainEqual([80, 'red']);
  });

  it('is over for an address that was silent in three covering scans', () => {
    const judged = judgeAll([...repeat(3, 1, { [A]: {} }), scanOf(4, { [A]: {}, [B]: { open: [22] } })]);
    expect(told(judged.judgements[3])).toEqual([`host-appeared ${B}`, `service-added ${B} 22/tcp`]);
    expect(host(judged, B).code).toBe('new');
  });

  it('reports the new addresses of hosts that move, however many: hosts that are off were not lost', () => {
    const chances = (all: number, moved: number, looks: number) => {
      const before = many(all, { open: [22, 80] });
      const stayed = Object.fromEntries(Object.entries(before).slice(moved));
      const fresh = Array.from({ length: moved }, (_, i): [string, Seen] => [`10.0.0.${150 + i}`, { open: [22 + i] }]);
      const night = scanOf(looks + 1, { ...stayed, ...Object.fromEntries(fresh) });
      const deltas = judgeAll([...repeat(looks, 1, before), night]).judgements[looks]?.deltas ?? [];
      const appeared = deltas.filter(({ kind }) => kind === 'host-appeared');
      expect(appeared).toHaveLength(moved);
      return appeared.map(({ probability }) => probability);
    };
    for (const [all, moved] of [
      [3, 1],
      [6, 3],
      [40, 10],
    ] as const) {
      expect(Math.max(...chances(all, moved, 2))).toBeLessThan(0.3);
      expect(Math.max(...chances(all, moved, 3))).toBeLessThan(0.05);
    }
  });

  it('reports a port that opens where everything is dropped, more certain with each earlier scan', () => {
    const drop = (open: number[]) => ({
      open,
      silent: Array.from({ length: 100 }, (_, i) => i + 1).filter((p) => !open.includes(p)),
    });
    const chance = (looks: number) => {
      const judged = judgeAll([
        ...repeat(looks, 1, many(6, drop([22, 25]))),
        scanOf(looks + 1, { ...many(6, drop([22, 25])), [A]: drop([22, 25, 44]) }),
      ]);
      expect(told(judged.judgements[looks])).toEqual([`service-added ${A} 44/tcp`]);
      return judged.judgements[looks]?.deltas[0]?.probability ?? 1;
    };
    expect(chance(2)).toBeLessThan(0.3);
    expect(chance(3)).toBeLessThan(0.05);
    expect(chance(3)).toBeLessThan(chance(2));
  });

  it('makes a service that was silent less certain than one that was closed, where closed ports answer', () => {
    const some = { [A]: { open: [22], silent: [80] } };
    const judged = judgeAll([...repeat(3, 1, some), scanOf(4, { [A]: { open: [22, 80, 23] } })]);
    const chances = new Map(judged.judgements[3]?.deltas.map((delta) => [delta.port, delta.probability]));
    expect(chances.get(23)).toBeLessThan(0.01);
    expect(chances.get(80)).toBeGreaterThan(0.1);
  });

  it('of more ports learns only the new ones', () => {
    const narrow = repeat(5, 1, { [A]: { open: [22] } }, { ports: [[1, 40]] });
    const wide = scanOf(6, { [A]: { open: [22, 23, 900] } }, { ports: [[1, 1000]] });
    const judged = judgeAll([...narrow, wide]);
    expect(toldInAll(judged)).toEqual([`service-added ${A} 23/tcp`]);
    expect(judged.judgements[5]?.firstDetermined).toMatchObject([{ address: A, port: 900 }]);
  });

  it('of another subnet learns only that one', () => {
    const both = [
      ['10.0.0.0', '10.0.0.255'],
      ['10.0.9.0', '10.0.9.255'],
    ] as const;
    const wide = scanOf(6, { [A]: {}, [B]: {}, '10.0.9.9': { open: [80] } }, { addresses: both });
    const judged = judgeAll([...repeat(5, 1, { [A]: {} }), wide]);
    expect(toldInAll(judged)).toEqual([`host-appeared ${B}`]);
    expect(judged.judgements[5]?.firstDetermined.map(({ address }) => address)).toEqual(['10.0.9.9', '10.0.9.9']);
  });

  it('counts no scans that did not reach the host', () => {
    const timedOut = repeat(5, 2, { [A]: { timedOut: true } });
    const judged = judgeAll([scanOf(1, { [A]: { silent: [80] } }), ...timedOut, scanOf(7, { [A]: { open: [80] } })]);
    expect(judged.judgements[6]?.deltas[0]).toMatchObject({ kind: 'service-added', grade: 'red' });
    expect(judged.judgements[6]?.deltas[0]?.evidence).toContain('silent in one scan before');
  });

  it('counts no scans in which a host was down', () => {
    const others = { [B]: {}, '10.0.0.3': {}, '10.0.0.4': {} };
    const first = scanOf(1, { ...others, [A]: { silent: [80] } });
    const judged = judgeAll([first, ...repeat(10, 2, others), scanOf(12, { ...others, [A]: { open: [80] } })]);
    expect(judged.judgements[11]?.deltas[1]?.evidence).toContain('silent in one scan before');
  });

  it('starts again for hosts when another kind of discovery finds more of them', () => {
    const unprivileged = repeat(5, 1, { [A]: {} }, { scanTypes: ['connect'] });
    const judged = judgeAll([...unprivileged, scanOf(6, { [A]: {}, [B]: {} })]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[5]?.firstDetermined.map(({ address }) => address)).toEqual([B]);
  });

  it('of a lone UDP port ends with the first pass over the baseline: what answers then is reported', () => {
    const seen = (ports: object) => ({
      [A]: { protocol: 'udp' as const, bare: true, ...ports },
      [B]: { protocol: 'udp' as const, bare: true, open: [61] },
    });
    const baseline = repeat(2, 1, seen({ silent: [61] }), { udp: true });
    const judged = judgeAll([...baseline, scanOf(3, seen({ open: [61] }), { udp: true })]);
    expect(told(judged.judgements[2])).toEqual([`service-added ${A} 61/udp`]);
    expect(judged.judgements[2]?.deltas[0]?.probability).toBeLessThan(0.3);
  });

  it('of a UDP port ends like any other: behind a drop its first answer is new', () => {
    const drop = (open: number[]) => ({
      [A]: { protocol: 'udp' as const, bare: true, open, silent: [53, 61, 69].filter((p) => !open.includes(p)) },
    });
    const judged = judgeAll([...repeat(4, 1, drop([53]), { udp: true }), scanOf(5, drop([53, 61]), { udp: true })]);
    expect(told(judged.judgements[4])).toEqual([`service-added ${A} 61/udp`]);
    expect(judged.judgements[4]?.deltas[0]?.probability).toBeLessThan(0.3);
  });
});
