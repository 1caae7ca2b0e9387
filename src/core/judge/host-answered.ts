import { compareMac } from '../compare/mac.ts';
import type { JudgedDelta } from '../model/delta.ts';
import { KINDS } from '../model/delta-kinds.ts';
import type { HostState } from '../model/state.ts';
import type { HostEvent } from '../model/transition.ts';
import { emptyOutcome, type HostOutcome, makeDelta, mergeOutcome, type Outcome, type ScanContext } from './context.ts';
import { STRONG_PROBABILITY, shynessAfter } from './filter.ts';
import { hostShyness } from './host-missed.ts';
import { judgeServices } from './host-services.ts';
import { describe, enter, heardAgain, unheard, withMode } from './host-state.ts';
import { type HostMemory, hostMemory, keepHost } from './memory.ts';
import { type Counts, count, HOST_RISKS, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { judgeTraits } from './traits.ts';
import { countFlip } from './unstable.ts';

/** The host is up: `answered` with evidence for its ports, `reached` without. */
export function judgeAnswer(
  context: ScanContext,
  state: HostState,
  reading: Reading,
  event: 'reached' | 'answered',
): HostOutcome {
  const outcome = emptyOutcome();
  countHost(context, state, reading, outcome.counts);
  const back = welcome(context, state, outcome, reading);
  outcome.deltas.push(...otherMac(state, reading));
  const traits = judgeTraits(context, state.address, back.memory, reading.observation);
  outcome.deltas.push(...traits.deltas);
  const { lastSeen: _, ...described } = describe(back.state, reading);
  const known: HostState = { ...described, present: true };
  const memory: HostMemory = { ...back.memory, ...traits.memory, reached: withMode(context, back.memory, reading) };
  if (event === 'reached') {
    const state = enter(known, 'reached', unheard(memory, context.tick));
    return { ...outcome, state };
  }
  const judged = judgeServices(
    context,
    { ...known, memory: keepHost(heardAgain(context, state.address, memory)) },
    reading,
  );
  mergeOutcome(outcome, judged);
  const ended = endFlood(outcome, state.address, { ...hostMemory(judged.memory) });
  return { ...outcome, state: enter({ ...known, services: judged.services }, eventOf(context, judged), ended) };
}

/** Counts one more host in which such events can happen. */
function countHost(context: ScanContext, state: HostState, reading: Reading, counts: Counts): void {
  if (context.confirmation) return;
  for (const rate of HOST_RISKS) count(counts, rate, 1, 0);
  const memory = hostMemory(state.memory);
  const ratio = memory.shyness === undefined ? 0 : hostShyness(context, state, memory, reading, 0);
  const odds = ratio * rateOf(context.group, 'shyHost');
  count(counts, 'shyHost', 1, odds / (1 + odds));
}

/** The flood is proved genuine or over: its ports are judged like any others from now on. */
function endFlood(outcome: Outcome, address: string, { flood, ...memory }: HostMemory): HostMemory {
  if (flood !== undefined && flood.genuine === undefined) {
    outcome.notes.push(`${address} no longer answers on all ports`);
    outcome.resolved.push({ kind: 'all-ports-open', address });
  }
  return memory;
}

/** Another network card answers for the address. */
function otherMac(state: HostState, { observation }: Reading): JudgedDelta[] {
  const evidence = compareMac(state.mac, observation?.mac);
  if (evidence === undefined) return [];
  const sides = { before: { present: true }, after: { present: true } };
  const rest = { probability: STRONG_PROBABILITY, evidence, ...sides };
  return [makeDelta('confirmed', 'mac-changed', state.address, undefined, rest)];
}

/** A run of misses ends, or a host believed down is back. */
function welcome(
  context: ScanContext,
  state: HostState,
  outcome: Outcome,
  reading: Reading,
): { state: HostState; memory: HostMemory } {
  const { run, ...memory } = hostMemory(state.memory);
  if (state.present) {
    if (run?.candidate === 1) outcome.deltas.push(refutedDown(state.address, run.scans));
    if (run === undefined) return { state, memory };
    const s = shynessAfter(run, hostShyness(context, state, memory, reading, run.scans), context.tick);
    return { state, memory: { ...memory, refuted: (memory.refuted ?? 0) + run.scans, shyness: s } };
  }
  const evidence = [reading.words, 'was reported down before'];
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

function eventOf({ confirmation }: ScanContext, judged: Outcome): HostEvent {
  const confirmed = judged.deltas.filter((delta) => delta.state === 'confirmed');
  const effects = new Set(confirmed.map((delta) => KINDS[delta.kind].effect));
  const [added, removed] = [effects.has('added'), effects.has('removed')];
  if (effects.has('changed') || (added && removed)) return confirmation ? 'confirmed-changed' : 'changed';
  if (added) return confirmation ? 'confirmed-added' : 'added';
  if (removed) return confirmation ? 'confirmed-removed' : 'removed';
  return confirmation ? 'confirmed-up' : 'answered';
}
