import { grouped } from '../grouped.ts';
import type { JudgedDelta } from '../model/delta.ts';
import { deltaKey } from '../model/delta.ts';
import { type DeltaKind, KINDS } from '../model/delta-kinds.ts';
import type { Belief, Doubt } from '../model/judgement.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { sameValue } from '../same-value.ts';
import type { Candidate } from './context.ts';
import { hostMemory, keepHost, keepService, serviceMemory } from './memory.ts';

/** Doubtful pairs that a confirmation scan may probe, as a share of the pairs that the scan covered. */
const SHARE = 0.005;
/** The minimum for any scan: as many pairs as there are when the hosts of a network all close one port. */
export const PROBED = 256;
/** The maximum for any scan. */
const AT_MOST = 2000;

/**
 * Chooses the candidates worth a confirmation: hosts first, then the likeliest changes. On a lossy path hundreds of
 * ports are silent in every scan; the others wait for the next scan, in which most of them answer.
 */
export function chooseCandidates(candidates: readonly Candidate[], pairs: number): Candidate[] {
  const budget = Math.min(AT_MOST, Math.max(PROBED, Math.floor(pairs * SHARE)));
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

/** Only hosts that changed in a way worth storing. */
export function changedHosts(
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  told: readonly JudgedDelta[],
): HostState[] {
  const byAddress = grouped(told, ({ address }) => address);
  const changed: HostState[] = [];
  for (const [address, judged] of states) {
    const mine = byAddress.get(address);
    const state = mine === undefined ? judged : markTold(judged, mine);
    if (!sameValue(state, belief.hosts.get(address))) changed.push(state);
  }
  return changed;
}

/** Marks what was recorded as a candidate, so that its end is recorded too. */
function markTold(state: HostState, told: readonly JudgedDelta[]): HostState {
  const host = waitingFor(told.filter((delta) => delta.port === undefined));
  const { run, dark, ...memory } = hostMemory(state.memory);
  const isHostTold = host.has('answer');
  return {
    ...state,
    services: state.services.map((service) =>
      markService(service, waitingFor(told.filter((delta) => isOf(delta, service)))),
    ),
    memory: keepHost({
      ...memory,
      run: isHostTold && run !== undefined ? { ...run, candidate: 1 } : run,
      dark: host.has('port') && dark !== undefined ? { ...dark, candidate: 1 } : dark,
    }),
  };
}

type Waits = (typeof KINDS)[DeltaKind]['waitsFor'];

const waitingFor = (told: readonly JudgedDelta[]): ReadonlySet<Waits> =>
  new Set(told.map((delta) => KINDS[delta.kind].waitsFor));

const isOf = (delta: JudgedDelta, { protocol, port }: ServiceState): boolean =>
  delta.port === port && (delta.protocol ?? 'tcp') === protocol;

function markService(service: ServiceState, waits: ReadonlySet<Waits>): ServiceState {
  const { run, pending, ...rest } = serviceMemory(service.memory);
  const [answer, read] = [waits.has('answer'), waits.has('read')];
  if (!answer && !read) return service;
  const memory = keepService({
    ...rest,
    run: answer && run !== undefined ? { ...run, candidate: 1 } : run,
    pending: read && pending !== undefined ? { ...pending, candidate: 1 } : pending,
  });
  return { ...service, memory };
}
