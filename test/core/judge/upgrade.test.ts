import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupPacking, hostPacking, servicePacking } from '../../../adapters/sequelize/packed-memory.ts';
import type { Belief } from '../../../src/core/model/judgement.ts';
import type { HostState, Memory } from '../../../src/core/model/state.ts';
import { host, judgeAll, linesOf, many, repeat, type Seen, scanOf, service, told, toldInAll } from './scans.ts';

/** Stored by the version of November 2026, after twelve scans: services and hosts in doubt, refuted and gone. */
const STORED = new URL('../../fixtures/beliefs/2026-11.json', import.meta.url);

function stored(): Belief {
  const { group, hosts }: { group: Memory; hosts: HostState[] } = JSON.parse(readFileSync(STORED, 'utf8'));
  const named = hosts.map((state) => ({
    ...state,
    memory: hostPacking.unpack(JSON.stringify(state.memory)),
    services: state.services.map((one) => ({ ...one, memory: servicePacking.unpack(JSON.stringify(one.memory)) })),
  }));
  return {
    group: groupPacking.unpack(JSON.stringify(group)),
    hosts: new Map(named.map((state) => [state.address, state])),
  };
}

const [A, B] = ['10.0.0.1', '10.0.0.2'];
const ports = Array.from({ length: 100 }, (_, i) => i + 1);
const walled = (open: number[]): Seen => ({ open, silent: ports.filter((port) => !open.includes(port)) });
const usual: Record<string, Seen> = {
  ...many(8, { open: [22, 80] }),
  '10.0.0.3': { open: [22] },
  '10.0.0.9': walled([22]),
};
const { [B]: _, ...withoutB } = { ...usual, [A]: { open: [22], silent: [80] } };

describe('a belief that an earlier version stored', () => {
  it('is not learnt again and not reported again', () => {
    const judged = judgeAll(repeat(3, 13, usual), {}, stored());
    expect(toldInAll(judged)).toEqual([]);
    expect(judged.judgements.flatMap((one) => one.firstDetermined)).toEqual([]);
    expect(judged.judgements[0]?.passes).toEqual([]);
    expect(judged.judgements[2]?.hosts).toEqual([]);
  });

  it('ends its doubts: what answers again is refuted', () => {
    const judged = judgeAll([scanOf(13, usual)], {}, stored());
    expect(linesOf(judged.judgements[0], 'refuted')).toEqual([`service-removed ${A} 80/tcp`, `host-down ${B}`]);
  });

  it('continues its counts: an ongoing silence is reported, a host after the user’s number of misses', () => {
    const judged = judgeAll(repeat(3, 13, withoutB), {}, stored());
    expect(toldInAll(judged).sort()).toEqual([`host-down ${B}`, `service-removed ${A} 80/tcp`]);
    expect(told(judged.judgements[1])).toEqual([`host-down ${B}`]);
    expect(host(judged, B).present).toBe(false);
  });

  it('knows what was closed, and what was silent for long', () => {
    const opened = { ...usual, [A]: { open: [22, 80, 90] }, '10.0.0.9': walled([22, 44]) };
    const judged = judgeAll([scanOf(13, opened)], {}, stored());
    const grades = judged.judgements[0]?.deltas
      .filter((delta) => delta.kind === 'service-added')
      .map(({ port, grade }) => [port, grade]);
    expect(grades).toEqual([
      [90, 'green'],
      [44, 'green'],
    ]);
    expect(service(judged, 90)?.present).toBe(true);
  });
});
