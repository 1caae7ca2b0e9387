import { defined } from '../../core/defined.ts';
import type { FateContext } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation } from '../../core/model/hold.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import type { Route } from '../../core/model/route.ts';
import type { Coverage, Scan, Seen } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import type { MessageSubject } from '../../ports/message.ts';
import { subjectsOf } from '../../ports/message.ts';
import type { DeltaRef, JudgementCommit, NewDelta, Store, TemporaryId } from '../../ports/store.ts';
import { announceParts, shapeOf } from './announce.ts';
import { type Decision, decide, type Ended } from './decide.ts';
import { announceOver, type Over, whatIsOver } from './over.ts';
import { type CommitFacts, readFacts, type ToldIn } from './read-facts.ts';
import { createStoredDelta } from './stored-delta.ts';

export type CommitInput = {
  scan: Scan;
  group: Group;
  belief: Belief;
  judgement: Judgement;
  /** The judged states of the hosts of its deltas. */
  judged: ReadonlyMap<string, HostState>;
  coverage: Coverage;
  seen: Seen;
  status: JudgementCommit['status'];
  now: number;
  /** The chats that receive it, with the filter of each. */
  routes: readonly Route[];
  fate: Omit<FateContext, 'toldIn'>;
  toldIn: ToldIn;
};

/** Turns a judgement into the one transaction that stores and announces it: read, decide, fold. */
export async function composeCommit(store: Store, input: CommitInput): Promise<JudgementCommit> {
  const facts = await readFacts(store, input.scan, input.judgement, input.toldIn);
  const over = await whatIsOver(store, input);
  const decisions = decide(input.judgement.deltas, facts, input.fate);
  return fold(input, facts, decisions, over);
}

/** A decision, and how the commit refers to its delta. */
type Referred = Decision & { ref: DeltaRef; temporary: TemporaryId };

/** Combines all decisions into one commit. Pure. */
function fold(
  input: CommitInput,
  facts: CommitFacts,
  decisions: readonly Decision[],
  over: readonly Over[],
): JudgementCommit {
  const { scan, judgement, now } = input;
  const deltas = decisions.map(referred);
  return {
    scanId: scan.id,
    groupId: scan.groupId,
    at: now,
    status: input.status,
    finishedAt: now,
    coverage: input.coverage,
    seen: input.seen,
    group: judgement.group,
    hosts: judgement.hosts,
    firstDetermined: judgement.firstDetermined,
    ...stored(input, deltas, over),
    ...ownAlert(scan, facts, deltas),
    repeats: deltas.flatMap(({ place, ref }) =>
      place === undefined || !('repeats' in place)
        ? []
        : [{ deltaId: place.repeats.id, by: ref, ...(place.turn === undefined ? { line: true } : {}) }],
    ),
    expectationsMet: deltas.flatMap(({ fate, ref }) =>
      fate.expectation === undefined ? [] : [{ delta: ref, ...expected(fate.expectation, now) }],
    ),
    announce: [...announceParts(input, decisions, facts), ...announceOver(input.routes, over)],
    touch: [
      ...scanMessages(scan),
      ...subjectsOf([...turnedOf(decisions), ...over].map(({ item }) => item)),
      ...seenToo(decisions),
    ],
  };
}

/** The message of a scan shows what became of its doubts and what a repeat found. */
function scanMessages({ id, parentId }: Scan): MessageSubject[] {
  return [id, ...(parentId === undefined ? [] : [parentId])].map((scan) => ({ type: 'scan', scan }));
}

/** The alerts of other groups that now name this group. */
function seenToo(decisions: readonly Decision[]): MessageSubject[] {
  const alerts = new Set(decisions.flatMap((decision) => decision.seenToo ?? []));
  return [...alerts].map((alert) => ({ type: 'alert', alert }));
}

function referred(decision: Decision, index: number): Referred {
  const temporary: TemporaryId = `new:${index}`;
  return { ...decision, temporary, ref: decision.candidate?.id ?? temporary };
}

function stored(
  input: CommitInput,
  deltas: readonly Referred[],
  over: readonly Over[],
): Pick<JudgementCommit, 'newDeltas' | 'changedDeltas'> {
  const storedDelta = createStoredDelta(input);
  const newDeltas = new Map<TemporaryId, NewDelta>();
  const changedDeltas: JudgementCommit['changedDeltas'][number][] = [];
  for (const decision of deltas) {
    const { candidate, fate, temporary } = decision;
    const delta = storedDelta(decision);
    if (candidate === undefined) newDeltas.set(temporary, delta);
    else changedDeltas.push({ ...delta, id: candidate.id, at: fate.state === 'candidate' ? candidate.at : input.now });
  }
  const turned = turnedOf(deltas).map(({ item, turn: { now, resolvedAt } }) => {
    return { id: item.id, now, ...defined({ resolvedAt }) };
  });
  const ended = over.map(({ item }) => ({ id: item.id, resolvedAt: input.now }));
  return { newDeltas, changedDeltas: [...changedDeltas, ...turned, ...ended] };
}

/** Items that were reported before, and how these decisions change them. */
function turnedOf(decisions: readonly Decision[]): Ended[] {
  return decisions.flatMap(({ place }): Ended[] => {
    if (place === undefined) return [];
    if (!('repeats' in place)) return place.ends === undefined ? [] : [place.ends];
    return place.turn === undefined ? [] : [{ item: place.repeats, turn: place.turn }];
  });
}

/** The decisions that open this scan's alert, or join it. */
function ownAlert(
  scan: Scan,
  { ownAlert: alertId }: CommitFacts,
  deltas: readonly Referred[],
): Pick<JudgementCommit, 'alert'> {
  const own = deltas.filter(({ place }) => place?.in === 'own-alert');
  if (own.length === 0) return {};
  const previous = own.flatMap(({ place }) => (place?.in === 'own-alert' ? [place.previous] : []));
  const previousIds = previous.filter((id) => id !== undefined);
  return {
    alert: {
      scanId: scan.parentId ?? scan.id,
      alertId,
      previousId: previousIds.length === 0 ? undefined : Math.max(...previousIds),
      thread: shapeOf(own.map(({ delta }) => delta)),
      deltas: own.map(({ ref }) => ref),
    },
  };
}

/** An expected change happened: its delta is answered as expected, by the person who announced it. */
function expected(expectation: Expectation, now: number) {
  const note = [expectation.reason, expectation.ticket].filter((part) => part !== undefined).join(', ');
  return {
    expectationId: expectation.id,
    met: expectation.lasts === 'once',
    answer: {
      type: 'expected' as const,
      by: expectation.createdBy,
      byName: expectation.byName,
      at: now,
      ...(note === '' ? {} : { note }),
      announced: expectation.id,
    },
  };
}
