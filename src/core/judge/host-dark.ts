import { type DeltaSubject, deltaKey, type JudgedDelta } from '../model/delta.ts';
import type { Belief } from '../model/judgement.ts';
import type { HostState } from '../model/state.ts';
import { subnetOf } from '../network/addresses.ts';
import { countPorts } from '../network/port-sets.ts';
import { type Candidate, emptyOutcome, isSettled, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { answeringPorts, knockPorts } from './controls.ts';
import { CONFIRMATION_MISS, stillThere } from './filter.ts';
import { type HostMemory, hostMemory } from './memory.ts';
import { boundMiss, significant } from './probability.ts';
import { count, rateOf } from './rates.ts';
import { times } from './service-silent.ts';

type Darkness = NonNullable<HostMemory['e']>;

/**
 * It answers, and all its ports fell silent at once: the host has gone dark, or a firewall before it drops everything.
 * Its services stay as they are believed; what answers all the same is judged like any other.
 */
export function judgeDark(context: ScanContext, state: HostState): Outcome & { e: Darkness } {
  const { e } = hostMemory(state.memory);
  if (e?.t === 1) return { ...emptyOutcome(), e };
  const { k = 0, l = 1, x = 0, s = context.tick } = e ?? {};
  const dimmed = context.confirmation ? CONFIRMATION_MISS : dimmedShare(context);
  const miss = boundMiss(dimmed + context.survey.scanMiss ** countPorts(answeringPorts(state)));
  const looks = context.confirmation ? { k, x: x + 1 } : { k: k + 1, ...(x === 0 ? {} : { x }) };
  const run: Darkness = { ...e, ...looks, l: significant(l * miss), s };
  const outcome = emptyOutcome();
  const probability = stillThere(run, 0, rateOf(context.group, 'dark'));
  const delta = darkDelta(state, probability, run);
  if (isSettled(probability, context)) {
    count(outcome.counts, 'dark', 0, 1);
    const { c: _, ...rest } = run;
    return { ...outcome, deltas: [delta('confirmed')], e: { ...rest, t: 1 } };
  }
  const doubts: Candidate['doubts'] = knockPorts(state).map((doubt) => ({ ...doubt, ping: true }));
  return { ...outcome, candidates: [{ delta: delta('candidate'), doubts }], e: run };
}

/** A path that loses most of the ports of others in this scan may have lost all of these. */
function dimmedShare({ group, survey }: ScanContext): number {
  return rateOf(group, 'dimmed') + survey.dimmed.m / Math.max(1, survey.dimmed.n);
}

function darkDelta(state: HostState, probability: number, run: Darkness) {
  const open = state.services.filter(({ present }) => present);
  const evidence = [
    `it answers, and ${open.length === 1 ? 'its one service fell silent' : `all its ${open.length} services fell silent at once`}`,
    `no answer from any port that used to answer in ${times(run.k)}`,
    'the host itself, or a firewall before it that drops everything',
  ];
  if (run.x !== undefined) evidence.push(`no answer to ${run.x} confirmation scan${run.x > 1 ? 's' : ''} either`);
  const members = open.map(({ port, protocol }) => `${port}/${protocol}`);
  const sides = { before: { present: true }, after: { present: false } };
  return (phase: JudgedDelta['state']): JudgedDelta => ({
    ...makeDelta(phase, 'host-dark', state.address, undefined, { probability, evidence, ...sides }),
    members,
  });
}

/** Some port answers again. */
export function endDark({ address }: HostState, e: Darkness): Outcome {
  const outcome = emptyOutcome();
  if (e.t === 1) {
    outcome.resolved.push({ kind: e.w === undefined ? 'host-dark' : 'firewall', address: e.w ?? address });
    return outcome;
  }
  count(outcome.counts, 'dimmed', 0, e.k);
  if (e.c !== 1) return outcome;
  const evidence = [`its ports answer again after ${times(e.k)} without an answer`];
  const refuted = makeDelta('refuted', 'host-dark', address, undefined, { probability: 1, evidence });
  return { ...outcome, deltas: [refuted] };
}

/** So many hosts of a subnet that go dark in one scan are one firewall. */
const ONE_FIREWALL = 3;

/** One `firewall` for many hosts that went dark together: the deltas of the scan with it, and its network by member. */
export function gatherDark(deltas: readonly JudgedDelta[]): { deltas: JudgedDelta[]; walls: Map<string, string> } {
  const subnets = new Map<string, JudgedDelta[]>();
  for (const delta of deltas) {
    if (delta.kind !== 'host-dark' || delta.state !== 'confirmed') continue;
    const subnet = subnetOf(delta.address);
    subnets.set(subnet, [...(subnets.get(subnet) ?? []), delta]);
  }
  const walls = new Map<string, string>();
  const firewalls = [...subnets].flatMap(([subnet, dark]) => {
    if (dark.length < ONE_FIREWALL) return [];
    for (const { address } of dark) walls.set(address, subnet);
    return [firewall(subnet, dark)];
  });
  const rest = deltas.map((delta) =>
    delta.kind === 'host-dark' && walls.has(delta.address) && delta.state === 'confirmed' ? asPart(delta) : delta,
  );
  return { deltas: [...firewalls, ...rest], walls };
}

function firewall(subnet: string, dark: readonly JudgedDelta[]): JudgedDelta {
  const probability = Math.min(...dark.map((delta) => delta.probability));
  const evidence = [
    `${dark.length} hosts answer, and all their services fell silent at once`,
    'a firewall before them drops everything, or they do',
  ];
  const sides = { before: { present: true }, after: { present: false } };
  const delta = makeDelta('confirmed', 'firewall', subnet, undefined, { probability, evidence, ...sides });
  return { ...delta, members: dark.map(({ address }) => address) };
}

/** What was a candidate of its own ends here: it is told with the others. */
function asPart(delta: JudgedDelta): JudgedDelta {
  return { ...delta, state: 'refuted', probability: 1, evidence: ['reported with others as one firewall'] };
}

export function behindWall(state: HostState | undefined, subnet: string): HostState {
  if (state === undefined) throw new Error('a host went dark that was not judged');
  const memory = hostMemory(state.memory);
  return memory.e === undefined ? state : { ...state, memory: { ...memory, e: { ...memory.e, w: subnet } } };
}

/** Each once; a firewall only when none of its hosts is dark any more. */
export function resolvedBy(
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  resolved: readonly DeltaSubject[],
): DeltaSubject[] {
  const once = new Map(resolved.map((subject) => [deltaKey(subject), subject]));
  return [...once.values()].filter(({ kind, address }) => kind !== 'firewall' || !anyBehind(belief, states, address));
}

function anyBehind({ hosts }: Belief, states: ReadonlyMap<string, HostState>, subnet: string): boolean {
  for (const [address, before] of hosts) {
    const state = states.get(address) ?? before;
    if (state.present && hostMemory(state.memory).e?.w === subnet) return true;
  }
  return false;
}
