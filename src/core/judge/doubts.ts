import type { JudgedDelta } from '../model/delta.ts';
import { deltaKey } from '../model/delta.ts';
import type { Doubt } from '../model/judgement.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import type { Candidate } from './context.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';

/** Doubtful pairs that a confirmation scan may look at, as a share of the pairs that the scan covered. */
const SHARE = 0.005;
/** However small the scan. */
const AT_LEAST = 8;
/** However large. */
const AT_MOST = 2000;

/**
 * The candidates worth a confirmation: hosts first, then the likeliest changes. On a lossy path hundreds of ports are
 * silent in every scan; the others wait for the next one, where most of them answer.
 */
export function chooseCandidates(candidates: readonly Candidate[], pairs: number): Candidate[] {
  const budget = Math.min(AT_MOST, Math.max(AT_LEAST, Math.floor(pairs * SHARE)));
  return [...candidates].sort(byWorth).slice(0, budget);
}

function byWorth(a: Candidate, b: Candidate): number {
  const hosts = Number(b.delta.kind === 'host-down') - Number(a.delta.kind === 'host-down');
  if (hosts !== 0) return hosts;
  return a.delta.probability - b.delta.probability || (deltaKey(a.delta) < deltaKey(b.delta) ? -1 : 1);
}

export function doubtsOf(chosen: readonly Candidate[]): Doubt[] {
  const seen = new Map(chosen.flatMap(({ doubts }) => doubts).map((doubt) => [JSON.stringify(doubt), doubt]));
  return [...seen.values()];
}

/** Marks what was told as a candidate, so that its end is told too. */
export function markTold(state: HostState, told: readonly JudgedDelta[]): HostState {
  const keys = new Set(told.map(deltaKey));
  const down = keys.has(deltaKey({ kind: 'host-down', address: state.address }));
  const memory = hostMemory(state.memory);
  return {
    ...state,
    services: state.services.map((service) => markService(state.address, service, keys)),
    memory: down && memory.r !== undefined ? compact({ ...memory, r: { ...memory.r, c: 1 } }) : state.memory,
  };
}

function markService(address: string, service: ServiceState, keys: ReadonlySet<string>): ServiceState {
  const subject = { address, protocol: service.protocol, port: service.port };
  const { r, p, ...rest } = serviceMemory(service.memory);
  const removed = keys.has(deltaKey({ kind: 'service-removed', ...subject }));
  const changed = keys.has(deltaKey({ kind: 'service-changed', ...subject }));
  if (!removed && !changed) return service;
  const memory = {
    ...rest,
    r: removed && r !== undefined ? { ...r, c: 1 } : r,
    p: changed && p !== undefined ? { ...p, c: 1 } : p,
  };
  return { ...service, memory: compact(memory) };
}
