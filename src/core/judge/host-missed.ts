import type { HostState } from '../model/state.ts';
import { emptyOutcome, type HostOutcome, isAnnounced, makeDelta, type ScanContext } from './context.ts';
import { knockPorts } from './controls.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { type HostMemory, hostMemory, type MissRun } from './memory.ts';
import { betaMean, boundHostMiss, falsePositive, PRIOR, significant } from './probability.ts';
import type { Reading } from './reading.ts';
import { leaveWithHost } from './service-present.ts';
import { pooledMissWithout } from './tally.ts';
import { countFlip } from './unstable.ts';

const POOL_WEIGHT = 6;

/** A covering scan had no answer: one more miss. Down from `downAfter` on, once the record of misses allows it. */
export function judgeMissed(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const memory = hostMemory(state.memory);
  if (!state.present) return { ...emptyOutcome(), state: enter(state, 'lost', memory) };
  const own = ownMiss(context, state.address, memory, reading);
  const scanMiss = context.survey.hostMiss(state.address, memory.r?.k ?? 0);
  const chance = boundHostMiss(Math.max(own.chance, scanMiss));
  const run: MissRun = { ...memory.r, k: (memory.r?.k ?? 0) + 1, l: significant((memory.r?.l ?? 1) * chance) };
  const probability = falsePositive(run.l, PRIOR.hostDown);
  const evidence = [
    run.k === 1 ? 'missed one scan' : `missed ${run.k} scans in a row`,
    `before that missed ${own.misses} of ${own.trials} scans`,
  ];
  const sides = { before: { present: true }, after: { present: false } };
  const told = { probability, evidence, ...sides };
  const next = withLastSeen({ ...state }, context);
  if (run.k >= context.policy.downAfter && isAnnounced(probability, context.policy)) {
    const delta = makeDelta('confirmed', 'host-down', state.address, undefined, told);
    return goDown(context, next, memory, delta);
  }
  const delta = makeDelta('candidate', 'host-down', state.address, undefined, told);
  const waiting = enter(next, 'missed', { ...unheard(memory, context.tick), r: run });
  return {
    ...emptyOutcome(),
    candidates: [{ delta, doubts: [{ address: state.address }, ...knockPorts(state)] }],
    state: waiting,
  };
}

/** Its services go with it and are not told: they are believed as they were when it comes back. */
function goDown(
  context: ScanContext,
  state: HostState,
  memory: HostMemory,
  delta: ReturnType<typeof makeDelta>,
): HostOutcome {
  const { r: _, ...rest } = memory;
  const flip = countFlip(rest, delta, context.policy, context.tick);
  const left = state.services.map((service) => leaveWithHost(state.address, service));
  const services = left.map((one) => one.service);
  const down = enter({ ...state, services, present: false }, 'lost', { ...rest, ...flip.flips });
  const notes = flip.note === undefined ? [] : [flip.note];
  return { ...emptyOutcome(), deltas: [flip.delta, ...left.flatMap((one) => one.deltas)], notes, state: down };
}

/** The host's own record beside the group's. */
function ownMiss(context: ScanContext, address: string, memory: HostMemory, reading: Reading) {
  const covered = context.history.ofAddress(address, reading.how, memory.t ?? 1);
  const trials = Math.max(0, covered - (memory.r?.k ?? 0));
  const misses = Math.min(memory.n ?? 0, trials);
  const pool = pooledMissWithout(context.group.hosts, memory.r?.k ?? 0);
  return { chance: betaMean(pool, POOL_WEIGHT, misses, trials), misses, trials };
}
