import { describe, expect, it } from 'vitest';
import { host, judgeAll, repeat, scanOf, told, toldInAll } from './scans.ts';

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

  it('lists a host and a service that were only silent so far, for three scans', () => {
    const hidden = { [A]: { open: [22], silent: [80] } };
    const seen = { [A]: { open: [22, 80] }, [B]: { open: [22] } };
    const judged = judgeAll([...repeat(2, 1, hidden), scanOf(3, seen)]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[2]?.firstDetermined.map(({ address, port }) => [address, port])).toEqual([
      [A, 80],
      [B, undefined],
      [B, 22],
    ]);
    expect(host(judged, A).code).toBe('unchanged');
    expect(host(judged, B).code).toBe('new');
  });

  it('is over for an address that was silent in three covering scans', () => {
    const judged = judgeAll([...repeat(3, 1, { [A]: {} }), scanOf(4, { [A]: {}, [B]: { open: [22] } })]);
    expect(told(judged.judgements[3])).toEqual([`host-appeared ${B}`, `service-added ${B} 22/tcp`]);
    expect(host(judged, B).code).toBe('new');
  });

  it('takes as long as the user says', () => {
    const scans = [...repeat(3, 1, { [A]: {} }), scanOf(4, { [A]: {}, [B]: {} })];
    expect(toldInAll(judgeAll(scans, { learn: 3 }))).toEqual([`host-appeared ${B}`]);
    expect(toldInAll(judgeAll(scans, { learn: 4 }))).toEqual([]);
    expect(toldInAll(judgeAll(scans.slice(2), { learn: 1 }))).toEqual([`host-appeared ${B}`]);
  });

  it('makes a service that was silent for long less certain than one that was closed', () => {
    const walled = { [A]: { open: [22], silent: [80] } };
    const judged = judgeAll([...repeat(3, 1, walled), scanOf(4, { [A]: { open: [22, 80, 23], silent: [] } })]);
    const grades = new Map(judged.judgements[3]?.deltas.map((delta) => [delta.port, delta.grade]));
    expect(grades).toEqual(
      new Map([
        [23, 'green'],
        [80, 'amber'],
      ]),
    );
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

  it('is not shortened by scans that did not reach the host', () => {
    const timedOut = repeat(5, 2, { [A]: { timedOut: true } });
    const judged = judgeAll([scanOf(1, { [A]: { silent: [80] } }), ...timedOut, scanOf(7, { [A]: { open: [80] } })]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[6]?.firstDetermined).toMatchObject([{ address: A, port: 80 }]);
  });

  it('is not shortened by the time that a host was down', () => {
    const others = { [B]: {}, '10.0.0.3': {}, '10.0.0.4': {} };
    const first = scanOf(1, { ...others, [A]: { silent: [80] } });
    const judged = judgeAll([first, ...repeat(10, 2, others), scanOf(12, { ...others, [A]: { open: [80] } })]);
    expect(told(judged.judgements[11])).toEqual([`host-recovered ${A}`]);
    expect(judged.judgements[11]?.firstDetermined).toMatchObject([{ address: A, port: 80 }]);
  });

  it('starts again for hosts when another kind of discovery finds more of them', () => {
    const unprivileged = repeat(5, 1, { [A]: {} }, { scanTypes: ['connect'] });
    const judged = judgeAll([...unprivileged, scanOf(6, { [A]: {}, [B]: {} })]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[5]?.firstDetermined.map(({ address }) => address)).toEqual([B]);
  });

  it('of a UDP port never ends by silence, which says nothing there', () => {
    const udp = (seen: object) => ({ [A]: { protocol: 'udp' as const, bare: true, ...seen } });
    const judged = judgeAll([...repeat(6, 1, udp({ silent: [53] })), scanOf(7, udp({ open: [53] }))]);
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements[6]?.firstDetermined).toMatchObject([{ address: A, protocol: 'udp', port: 53 }]);
  });
});
