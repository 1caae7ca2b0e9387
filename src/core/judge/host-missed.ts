import type { JudgedDelta } from '../model/delta.ts';
import type { HostState } from '../model/state.ts';
import { emptyOutcome, type HostOutcome, makeDelta, type ScanContext } from './context.ts';
import { knockPorts } from './controls.ts';
import { CERTAIN_BELOW, CONFIRMATION_MISS, shyness, significant, stillThere } from './filter.ts';
import { enter, unheard, withLastSeen } from './host-state.ts';
import { type HostMemory, hostMemory, keepHost, type MissRun } from './memory.ts';
import { count, pooledMiss, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { leaveWithHost } from './service-present.ts';
import { countFlip } from './unstable.ts';

/** A covering scan had no answer: one more miss. */
export function judgeMissed(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const memory = hostMemory(state.memory);
  if (!state.present) return { ...emptyOutcome(), state: enter(state, 'lost', memory) };
  const { hostMiss, wasPath } = context.survey;
  const { scans = 0, lost = 1 } = memory.run ?? {};
  const before = wasPath(scans) ? 1 : lost;
  const run = { ...memory.run, scans: scans + 1, lost: significant(before * hostMiss(state.address, scans)) };
  return weigh(context, withLastSeen({ ...state }, context), reading, run);
}

/** A confirmation got no answer either. That is no further miss for the user's `downAfter`, but it is evidence. */
export function judgeStillMissed(context: ScanContext, state: HostState, reading: Reading): HostOutcome {
  const { run } = hostMemory(state.memory);
  if (run === undefined || !state.present) return { ...emptyOutcome(), state };
  return weigh(context, state, reading, {
    ...run,
    confirmations: (run.confirmations ?? 0) + 1,
    lost: significant(run.lost * CONFIRMATION_MISS),
  });
}

function weigh(context: ScanContext, state: HostState, reading: Reading, run: MissRun): HostOutcome {
  const memory = hostMemory(state.memory);
  const shy = rateOf(context.group, 'shyHost') * hostShyness(context, state, memory, reading, run.scans);
  const probability = stillThere(run, shy, rateOf(context.group, 'down'));
  const told = { probability, evidence: missWords(run), before: { present: true }, after: { present: false } };
  if (isDue(context, run)) {
    const delta = makeDelta('confirmed', 'host-down', state.address, undefined, told);
    return goDown(context, state, memory, { ...delta, due: true });
  }
  const delta = makeDelta('candidate', 'host-down', state.address, undefined, told);
  const doubts = [{ address: state.address }, ...knockPorts(state)];
  const waiting = context.confirmation
    ? { ...state, memory: keepHost({ ...memory, run }) }
    : enter(state, 'missed', { ...unheard(memory, context.tick), run });
  return { ...emptyOutcome(), candidates: [{ delta, doubts }], state: waiting };
}

/**
 * `downAfter` is the user's rule: after so many misses in a row the host is reported whatever the chance, which becomes
 * the grade. If it can be confirmed at once, that happens first. Where no confirmation is possible and scans lose so
 * many hosts that a miss is not certain, it takes as many misses as equal `downAfter` misses in better scans, both by
 * the loss of these scans and by the group's record.
 */
function isDue(
  { askable, confirmation, policy, group }: ScanContext,
  { scans, confirmations, lost }: MissRun,
): boolean {
  if (scans < policy.downAfter) return false;
  if (confirmations !== undefined || policy.confirmAttempts === 0) return true;
  if (askable && !confirmation && scans === policy.downAfter) return false;
  if (lost ** (1 / scans) <= CERTAIN_BELOW) return true;
  return Math.max(lost, pooledMiss(group.hosts) ** scans) <= CERTAIN_BELOW ** policy.downAfter;
}

/** Its services go down with it and are not reported: when it comes back, they are believed as they were. */
function goDown(context: ScanContext, state: HostState, memory: HostMemory, delta: JudgedDelta): HostOutcome {
  const { run: _, dark: _dark, ...rest } = memory;
  const flip = countFlip(rest, delta, context.policy, context.tick);
  const left = state.services.map((service) => leaveWithHost(state.address, service));
  const services = left.map((one) => one.service);
  const down = enter({ ...state, services, present: false }, 'lost', { ...rest, ...flip.flips });
  const notes = flip.note === undefined ? [] : [flip.note];
  const outcome = { ...emptyOutcome(), deltas: [flip.delta, ...left.flatMap((one) => one.deltas)], notes };
  count(outcome.counts, 'down', 0, 1);
  return { ...outcome, state: down };
}

/** How well its record fits a host that often does not answer. */
export function hostShyness(
  { history }: Pick<ScanContext, 'history'>,
  { address }: HostState,
  memory: HostMemory,
  { how }: Pick<Reading, 'how'>,
  missed: number,
): number {
  const since = memory.shyness === undefined ? (memory.since ?? 1) : memory.shyness[1] + 1;
  const hits = Math.max(0, history.ofAddress(address, how, since) - missed);
  return shyness(memory.shyness, hits);
}

function missWords({ scans, confirmations }: MissRun): string[] {
  const words = [scans === 1 ? 'missed one scan' : `missed ${scans} scans in a row`];
  return confirmations === undefined
    ? words
    : [...words, `silent in ${confirmations === 1 ? 'a confirmation' : `${confirmations} confirmations`} too`];
}
