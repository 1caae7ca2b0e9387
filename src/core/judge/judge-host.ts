import type { HostState } from '../state.ts';
import type { HostEvent } from '../transition.ts';
import { emptyOutcome, type HostOutcome, makeDelta, mergeOutcome, type Outcome, type ScanContext } from './context.ts';
import { judgeMissed } from './host-missed.ts';
import { judgeServices } from './host-services.ts';
import { described, enter, spoilt, withLastSeen, withMode } from './host-state.ts';
import { judgeStranger } from './host-stranger.ts';
import { compact, type HostMemory, hostMemory } from './memory.ts';
import { STRONG_PROBABILITY } from './probability.ts';
import type { Reading } from './reading.ts';
import { isComparable } from './survey.ts';
import { countFlip } from './unstable.ts';

/** One host in one scan: what is believed now, and what there is to tell. */
export function judgeHost(
  context: ScanContext,
  state: HostState | undefined,
  reading: Reading | undefined,
): HostOutcome {
  if (state === undefined) {
    return reading === undefined ? { ...emptyOutcome(), state } : judgeStranger(context, reading);
  }
  if (reading === undefined || isUnusable(context, state, reading)) return undetermined(context, state);
  switch (reading.host) {
    case 'silent':
      return judgeMissed(context, state, reading);
    case 'reached':
      return judgeAnswer(context, state, reading, 'reached');
    case 'answered':
      return judgeAnswer(context, state, reading, 'answered');
    case 'unknown':
      return undetermined(context, state);
  }
}

function isUnusable(context: ScanContext, state: HostState, reading: Reading): boolean {
  const { outage, floods } = context.survey;
  if (outage.frozen.has(state.address) || floods.has(state.address)) return true;
  return !isComparable(state, reading);
}

/** Neither counts nor resets anything. */
function undetermined(context: ScanContext, state: HostState): HostOutcome {
  const memory = hostMemory(state.memory);
  const flooding = context.survey.floods.has(state.address) ? { a: memory.a ?? { t: context.tick } } : {};
  const next = enter(state, 'nothing', { ...memory, ...flooding, ...spoilt(memory, context.tick) });
  return { ...emptyOutcome(), state: withLastSeen(next, context) };
}

function judgeAnswer(
  context: ScanContext,
  state: HostState,
  reading: Reading,
  event: 'reached' | 'answered',
): HostOutcome {
  const outcome = emptyOutcome();
  const back = welcome(context, state, outcome, reading);
  const known: HostState = { ...described(back.state, reading), present: true };
  delete (known as { lastSeen?: number }).lastSeen;
  const memory: HostMemory = { ...back.memory, w: withMode(back.memory, reading) };
  if (event === 'reached') {
    const state = enter(known, 'reached', { ...memory, ...spoilt(memory, context.tick) });
    return { ...outcome, state };
  }
  const judged = judgeServices(context, { ...known, memory: compact(memory) }, reading);
  mergeOutcome(outcome, judged);
  const ended = endFlood(outcome, state.address, { ...hostMemory(judged.memory) });
  return { ...outcome, state: enter({ ...known, services: judged.services }, eventOf(judged), ended) };
}

function endFlood(outcome: Outcome, address: string, memory: HostMemory): HostMemory {
  if (memory.a === undefined || memory.a.g === 1) return memory;
  outcome.notes.push(`${address} no longer answers on all ports`);
  const { a: _, ...rest } = memory;
  return rest;
}

/** A run of misses ends, or a host believed down is back. */
function welcome(
  context: ScanContext,
  state: HostState,
  outcome: Outcome,
  reading: Reading,
): { state: HostState; memory: HostMemory } {
  const { r, ...memory } = hostMemory(state.memory);
  if (state.present) {
    if (r?.c === 1) outcome.deltas.push(refutedDown(state.address, r.k));
    return { state, memory: r === undefined ? memory : { ...memory, n: (memory.n ?? 0) + r.k } };
  }
  const evidence = [reading.words, 'was told as down before'];
  const told = makeDelta('confirmed', 'host-recovered', state.address, undefined, {
    probability: STRONG_PROBABILITY,
    evidence,
    before: { present: false },
    after: { present: true },
  });
  const flip = countFlip(memory, told, context.policy, context.tick);
  outcome.deltas.push(flip.delta);
  if (flip.note !== undefined) outcome.notes.push(flip.note);
  return { state, memory: { ...memory, ...flip.flips } };
}

function refutedDown(address: string, missed: number) {
  const evidence = [`it answers again after ${missed === 1 ? 'one scan' : `${missed} scans`} without an answer`];
  return makeDelta('refuted', 'host-down', address, undefined, { probability: 1, evidence });
}

function eventOf(judged: Outcome): HostEvent {
  const kinds = new Set(judged.deltas.filter((delta) => delta.state === 'confirmed').map((delta) => delta.kind));
  const [added, removed] = [kinds.has('service-added'), kinds.has('service-removed')];
  if (kinds.has('service-changed') || (added && removed)) return 'changed';
  if (added) return 'added';
  return removed ? 'removed' : 'answered';
}
