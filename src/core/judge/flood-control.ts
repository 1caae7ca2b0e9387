import { deltaKey } from '../model/delta.ts';
import type { Doubt } from '../model/judgement.ts';
import type { HostState } from '../model/state.ts';
import { hasPort } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, makeDelta, type ScanContext } from './context.ts';
import { compact, type FloodMemory, hostMemory } from './memory.ts';
import type { Reading } from './reading.ts';

const CONTROLS = 3;
const LOWEST = 20_000;
const HIGHEST = 65_000;

/** Remembers that a host answers on all ports, and at which ports a confirmation scan can prove it. */
export function newFlood(address: string, context: ScanContext): FloodMemory {
  return { t: context.tick, c: controlPorts(`${address} ${context.tick}`) };
}

/** High ports that nobody uses, different each time, and always the same for the same evidence. */
function controlPorts(seed: string): number[] {
  const ports = new Set<number>();
  let hash = 2166136261;
  for (let round = 0; ports.size < CONTROLS; round++) {
    for (const character of `${seed} ${round}`)
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
    ports.add(LOWEST + (hash % (HIGHEST - LOWEST)));
  }
  return [...ports].sort((a, b) => a - b);
}

/** What a confirmation scan should knock at to tell a tarpit from a host that really opened many ports. */
export function floodDoubts(state: HostState): Doubt[] {
  const controls = hostMemory(state.memory).a?.c ?? [];
  return controls.map((port) => ({ address: state.address, protocol: 'tcp', port }));
}

/** A port that nobody uses is open too: proved. It is closed: the open ones are genuine, and judged from the next scan on. */
export function judgeControls(state: HostState, reading: Reading): HostOutcome {
  const memory = hostMemory(state.memory);
  const { a } = memory;
  if (a?.c === undefined) return { ...emptyOutcome(), state };
  const proved = a.c.some((port) => hasPort(reading.openPorts, 'tcp', port));
  const denied = a.c.some((port) => hasPort(reading.denied, 'tcp', port));
  if (proved) return { ...emptyOutcome(), state: { ...state, memory: compact({ ...memory, a: { t: a.t } }) } };
  if (!denied) return { ...emptyOutcome(), state };
  const evidence = ['a port that nobody uses is closed there: the open ones are genuine'];
  const subject = { kind: 'all-ports-open', address: state.address } as const;
  const delta = makeDelta('refuted', subject.kind, subject.address, undefined, { probability: 1, evidence });
  const notes = [`${state.address}: ${evidence[0]}, and are judged from the next scan on (${deltaKey(subject)})`];
  const genuine = { ...state, memory: compact({ ...memory, a: { t: a.t, g: 1 } }) };
  return { ...emptyOutcome(), deltas: [delta], notes, state: genuine };
}
