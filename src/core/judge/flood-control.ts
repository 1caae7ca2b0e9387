import { deltaKey } from '../model/delta.ts';
import type { Doubt } from '../model/judgement.ts';
import type { HostState } from '../model/state.ts';
import { hasPort } from '../network/port-sets.ts';
import { emptyOutcome, type HostOutcome, makeDelta, type ScanContext } from './context.ts';
import { SEVERAL } from './filter.ts';
import { type FloodMemory, hostMemory, keepHost } from './memory.ts';
import type { Reading } from './reading.ts';

const UNUSED = { from: 20_000, to: 65_000 };

/** Remembers that a host answers on all ports, and on which ports a confirmation scan can prove it. */
export function newFlood(address: string, context: ScanContext): FloodMemory {
  return { since: context.tick, controls: controlPorts(`${address} ${context.tick}`) };
}

/** High ports that nobody uses: different each time, but always the same for the same evidence. */
function controlPorts(seed: string): number[] {
  const ports = new Set<number>();
  let hash = 2166136261;
  for (let round = 0; ports.size < SEVERAL; round++) {
    for (const character of `${seed} ${round}`)
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
    ports.add(UNUSED.from + (hash % (UNUSED.to - UNUSED.from)));
  }
  return [...ports].sort((a, b) => a - b);
}

/** Ports that a confirmation scan should probe to distinguish a tarpit from a host that really opened many ports. */
export function floodDoubts(state: HostState): Doubt[] {
  const controls = hostMemory(state.memory).flood?.controls ?? [];
  return controls.map((port) => ({ address: state.address, protocol: 'tcp', port }));
}

/**
 * If a port that nobody uses is open too, the flood is proved. If it is closed, the open ports are genuine, and judged
 * from the next scan on.
 */
export function judgeControls(state: HostState, reading: Reading): HostOutcome {
  const memory = hostMemory(state.memory);
  const { flood } = memory;
  if (flood?.controls === undefined) return { ...emptyOutcome(), state };
  const proved = flood.controls.some((port) => hasPort(reading.openPorts, 'tcp', port));
  const denied = flood.controls.some((port) => hasPort(reading.denied, 'tcp', port));
  if (proved)
    return { ...emptyOutcome(), state: { ...state, memory: keepHost({ ...memory, flood: { since: flood.since } }) } };
  if (!denied) return { ...emptyOutcome(), state };
  const evidence = ['a port that nobody uses is closed there: the open ones are genuine'];
  const subject = { kind: 'all-ports-open', address: state.address } as const;
  const delta = makeDelta('refuted', subject.kind, subject.address, undefined, { probability: 1, evidence });
  const notes = [`${state.address}: ${evidence[0]}, and are judged from the next scan on (${deltaKey(subject)})`];
  const genuine = { ...state, memory: keepHost({ ...memory, flood: { since: flood.since, genuine: 1 } }) };
  return { ...emptyOutcome(), deltas: [delta], notes, state: genuine };
}
