import type { JudgedDelta } from '../model/delta.ts';
import type { HostState } from '../model/state.ts';
import { emptyOutcome, type HostOutcome, isSettled, makeDelta, type ScanContext } from './context.ts';
import { knockPorts } from './controls.ts';
import { CONFIRMATION_MISS, shyness, stillThere } from './filter.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { type HostMemory, hostMemory, type MissRun } from './memory.ts';
import { significant } from './probability.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { leaveWithHost } from './service-present.ts';
import { countFlip } from './unstable.ts';

/** A covering scan had no answer: one more miss. */
export function judgeMissed(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const memory = hostMemory(state.memory);
  if (!state.present) return { ...emptyOutcome(), state: enter(state, 'lost', memory) };
  const { hostMiss, wasPath } = context.survey;
  const { k = 0, l = 1 } = memory.r ?? {};
  const before = wasPath(k) ? 1 : l;
  const run = { ...memory.r, k: k + 1, l: significant(before * hostMiss(state.address, k)) };
  return weigh(context, withLastSeen({ ...state }, context), reading, run);
}

/** A confirmation heard nothing of it either: no miss of the user's `downAfter`, and evidence all the same. */
export function judgeStillMissed(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const { r } = hostMemory(state.memory);
  if (r === undefined || !state.present) return { ...emptyOutcome(), state };
  return weigh(context, state, reading, { ...r, x: (r.x ?? 0) + 1, l: significant(r.l * CONFIRMATION_MISS) });
}

function weigh(context: ScanContext, state: HostState, reading: Reading, run: MissRun): HostOutcome {
  const memory = hostMemory(state.memory);
  const shy = rateOf(context.group, 'shyHost') * hostShyness(context, state, memory, reading, run.k);
  const probability = stillThere(run, shy, rateOf(context.group, 'down'));
  const told = { probability, evidence: missWords(run), before: { present: true }, after: { present: false } };
  if (isDue(context, run, probability)) {
    const delta = makeDelta('confirmed', 'host-down', state.address, undefined, told);
    return goDown(context, state, memory, { ...delta, due: true });
  }
  const delta = makeDelta('candidate', 'host-down', state.address, undefined, told);
  const doubts = [{ address: state.address }, ...knockPorts(state)];
  const waiting = context.confirmation
    ? { ...state, memory: { ...memory, r: run } }
    : enter(state, 'missed', { ...unheard(memory, context.tick), r: run });
  return { ...emptyOutcome(), candidates: [{ delta, doubts }], state: waiting };
}

/** Scans that lose more than this of the hosts that are there, where nobody can ask again: being missed by them is no news. */
const LOSES_HOSTS = 0.05;

/**
 * `downAfter` is the user's word: missed so often in a row, it is told whatever the chance, which is its grade. Where it can
 * be asked once more at once, that comes first.
 */
function isDue(context: ScanContext, { k, x, l }: MissRun, probability: number): boolean {
  const { askable, confirmation, policy } = context;
  if (k < policy.downAfter) return false;
  if (x !== undefined || policy.confirmAttempts === 0) return true;
  if (askable && !confirmation && k === policy.downAfter) return false;
  return l ** (1 / k) <= LOSES_HOSTS || isSettled(probability, context);
}

/** Its services go with it and are not told: they are believed as they were when it comes back. */
function goDown(context: ScanContext, state: HostState, memory: HostMemory, delta: JudgedDelta): HostOutcome {
  const { r: _, e: _dark, ...rest } = memory;
  const flip = countFlip(rest, delta, context.policy, context.tick);
  const left = state.services.map((service) => leaveWithHost(state.address, service));
  const services = left.map((one) => one.service);
  const down = enter({ ...state, services, present: false }, 'lost', { ...rest, ...flip.flips });
  const notes = flip.note === undefined ? [] : [flip.note];
  const outcome = { ...emptyOutcome(), deltas: [flip.delta, ...left.flatMap((one) => one.deltas)], notes };
  count(outcome.counts, 'down', 0, 1);
  return { ...outcome, state: down };
}

/** How well its record goes with its being a host that often does not answer. */
export function hostShyness(
  { history }: Pick<ScanContext, 'history'>,
  { address }: HostState,
  memory: HostMemory,
  { how }: Pick<Reading, 'how'>,
  missed: number,
): number {
  const since = memory.s === undefined ? (memory.t ?? 1) : memory.s[1] + 1;
  const hits = Math.max(0, history.ofAddress(address, how, since) - missed);
  return shyness(memory.s, hits);
}

function missWords({ k, x }: MissRun): string[] {
  const words = [k === 1 ? 'missed one scan' : `missed ${k} scans in a row`];
  return x === undefined ? words : [...words, `silent in ${x === 1 ? 'a confirmation' : `${x} confirmations`} too`];
}
