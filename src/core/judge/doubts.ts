import type { JudgedDelta } from '../model/delta.ts';
import { deltaKey } from '../model/delta.ts';
import { type DeltaKind, KINDS } from '../model/delta-kinds.ts';
import type { Doubt } from '../model/judgement.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import type { Candidate } from './context.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';

/** Doubtful pairs that a confirmation scan may look at, as a share of the pairs that the scan covered. */
const SHARE = 0.005;
/** However small the scan: as many as the hosts of a network that close one port at once. */
const AT_LEAST = 256;
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
  const hosts = Number(b.delta.port === undefined) - Number(a.delta.port === undefined);
  if (hosts !== 0) return hosts;
  return a.delta.probability - b.delta.probability || (deltaKey(a.delta) < deltaKey(b.delta) ? -1 : 1);
}

export function doubtsOf(chosen: readonly Candidate[]): Doubt[] {
  const seen = new Map(chosen.flatMap(({ doubts }) => doubts).map((doubt) => [JSON.stringify(doubt), doubt]));
  return [...seen.values()];
}

/** Marks what was told as a candidate, so that its end is told too. */
export function markTold(state: HostState, told: readonly JudgedDelta[]): HostState {
  const host = waitingFor(told.filter((delta) => delta.port === undefined));
  const { r, e, ...memory } = hostMemory(state.memory);
  const isHostTold = host.has('answer');
  return {
    ...state,
    services: state.services.map((service) =>
      markService(service, waitingFor(told.filter((delta) => isOf(delta, service)))),
    ),
    memory: compact({
      ...memory,
      r: isHostTold && r !== undefined ? { ...r, c: 1 } : r,
      e: host.has('port') && e !== undefined ? { ...e, c: 1 } : e,
    }),
  };
}

type Waits = (typeof KINDS)[DeltaKind]['waitsFor'];

const waitingFor = (told: readonly JudgedDelta[]): ReadonlySet<Waits> =>
  new Set(told.map((delta) => KINDS[delta.kind].waitsFor));

const isOf = (delta: JudgedDelta, { protocol, port }: ServiceState): boolean =>
  delta.port === port && (delta.protocol ?? 'tcp') === protocol;

function markService(service: ServiceState, waits: ReadonlySet<Waits>): ServiceState {
  const { r, p, ...rest } = serviceMemory(service.memory);
  const [answer, read] = [waits.has('answer'), waits.has('read')];
  if (!answer && !read) return service;
  const memory = {
    ...rest,
    r: answer && r !== undefined ? { ...r, c: 1 } : r,
    p: read && p !== undefined ? { ...p, c: 1 } : p,
  };
  return { ...service, memory: compact(memory) };
}
