import { serviceLastSeen } from '../../core/judge/last-seen.ts';
import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import { type Fate, type FateContext, fateOf } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import type { Expectation } from '../../core/model/hold.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import type { Route } from '../../core/model/route.ts';
import type { Coverage, Scan } from '../../core/model/scan.ts';
import type { HostState } from '../../core/model/state.ts';
import { riskOf } from '../../core/risk/risk.ts';
import type { JudgementCommit, NewDelta, Store } from '../../ports/store.ts';
import { announceParts, type ToldDelta } from './announce.ts';
import { readStories, type Stories } from './story.ts';

export type CommitInput = {
  scan: Scan;
  group: Group;
  belief: Belief;
  judgement: Judgement;
  coverage: Coverage;
  status: JudgementCommit['status'];
  now: number;
  /** The chats that are told, with what each lets through. */
  routes: readonly Route[];
  fate: Omit<FateContext, 'toldIn'>;
  /** The other group that has told this already in the same channels. */
  toldIn(subjects: readonly DeltaSubject[]): Promise<(subject: DeltaSubject) => string | undefined>;
};

type Sorted = {
  newDeltas: NewDelta[];
  changedDeltas: (Partial<Delta> & { id: number })[];
  told: ToldDelta[];
  repeats: { deltaId: number; newDelta: number }[];
  met: JudgementCommit['expectationsMet'][number][];
};

/** Turns what the judge says into the one transaction that stores and announces it. */
export async function composeCommit(store: Store, input: CommitInput): Promise<JudgementCommit> {
  const sorted = await sortDeltas(store, input);
  const ownerScan = input.scan.parentId ?? input.scan.id;
  const existing = await store.deltas.alertOfScan(ownerScan);
  const fresh = sorted.told.filter((told) => told.joins === undefined);
  const previousId = latestPrevious(fresh);
  const announce = await announceParts(store, input, sorted.told, existing?.id);
  return {
    scanId: input.scan.id,
    groupId: input.group.id,
    at: input.now,
    status: input.status,
    finishedAt: input.now,
    coverage: input.coverage,
    group: input.judgement.group,
    hosts: input.judgement.hosts,
    firstDetermined: input.judgement.firstDetermined,
    newDeltas: sorted.newDeltas,
    changedDeltas: sorted.changedDeltas,
    ...(fresh.length === 0
      ? {}
      : {
          alert: {
            scanId: ownerScan,
            ...(existing === undefined ? {} : { alertId: existing.id }),
            ...(previousId === undefined ? {} : { previousId }),
            newDeltas: fresh.flatMap((told) => (told.at.in === 'new' ? [told.at.index] : [])),
            changedDeltas: fresh.flatMap((told) => (told.at.in === 'changed' ? [told.at.id] : [])),
          },
        }),
    repeats: sorted.repeats,
    expectationsMet: sorted.met,
    announce,
    touch: [{ type: 'scan', scan: input.scan.id }],
  };
}

/** An announced change that came: its delta is answered as expected, by whom it was announced. */
function expected(expectation: Expectation, now: number) {
  const note = [expectation.reason, expectation.ticket].filter((part) => part !== undefined).join(', ');
  return {
    expectationId: expectation.id,
    answer: {
      type: 'expected' as const,
      by: expectation.createdBy,
      byName: expectation.byName,
      at: now,
      ...(note === '' ? {} : { note }),
    },
  };
}

async function sortDeltas(store: Store, input: CommitInput): Promise<Sorted> {
  const sorted: Sorted = { newDeltas: [], changedDeltas: [], told: [], repeats: [], met: [] };
  const candidates = new Map(
    (await store.deltas.openCandidates(input.group.id)).map((delta) => [deltaKey(delta), delta]),
  );
  const confirmed = input.judgement.deltas.filter((delta) => delta.state === 'confirmed');
  const stories = await readStories(store, input.group.id, confirmed);
  const toldIn = await input.toldIn(confirmed);
  for (const delta of input.judgement.deltas) {
    const elsewhere = delta.state === 'confirmed' ? toldIn(delta) : undefined;
    const fate = fateOf(delta, elsewhere === undefined ? input.fate : { ...input.fate, toldIn: elsewhere });
    const candidate = candidates.get(deltaKey(delta));
    if (candidate !== undefined) changeCandidate(stories, input, sorted, delta, fate, candidate);
    else if (delta.state !== 'refuted') addDelta(stories, input, sorted, delta, fate);
  }
  return sorted;
}

function changeCandidate(
  stories: Stories,
  input: CommitInput,
  sorted: Sorted,
  delta: JudgedDelta,
  fate: Fate,
  candidate: Delta,
): void {
  const at = fate.state === 'candidate' ? candidate.at : input.now;
  const change = { ...storedDelta(input, delta, fate), id: candidate.id, at };
  if (fate.expectation !== undefined)
    sorted.met.push({ ...expected(fate.expectation, input.now), deltaId: candidate.id });
  if (fate.state !== 'confirmed') {
    sorted.changedDeltas.push(change);
    return;
  }
  const earlier = earlierTold(stories, delta);
  const joins = earlier?.acknowledgement.type === 'open' ? earlier.alertId : undefined;
  sorted.changedDeltas.push(joins === undefined ? change : { ...change, alertId: joins });
  if (earlier !== undefined && joins !== undefined) {
    sorted.changedDeltas.push({ id: earlier.id, repeats: earlier.repeats + 1 });
  }
  const place = joins === undefined ? previous(earlier) : { joins };
  const announced = { expected: fate.expectation !== undefined };
  sorted.told.push({ delta, at: { in: 'changed', id: candidate.id }, ...announced, ...place });
}

function addDelta(stories: Stories, input: CommitInput, sorted: Sorted, delta: JudgedDelta, fate: Fate): void {
  const index = sorted.newDeltas.length;
  const stored = storedDelta(input, delta, fate);
  sorted.newDeltas.push(stored);
  if (fate.expectation !== undefined) sorted.met.push({ ...expected(fate.expectation, input.now), newDelta: index });
  if (fate.state !== 'confirmed') return;
  const announced = { expected: fate.expectation !== undefined };
  const earlier = earlierTold(stories, delta);
  const open = earlier?.acknowledgement.type === 'open' ? earlier : undefined;
  if (open === undefined) {
    sorted.told.push({ delta, at: { in: 'new', index }, ...announced, ...previous(earlier) });
    return;
  }
  sorted.repeats.push({ deltaId: open.id, newDelta: index });
  const hidden = input.fate.policy.hideRepeats && open.kind === delta.kind;
  if (hidden) {
    sorted.newDeltas[index] = { ...stored, state: 'suppressed', heldBack: `repeats delta ${open.id}` };
  }
  const joins = open.alertId === undefined ? {} : { joins: open.alertId };
  sorted.told.push({ delta, at: { in: 'new', index }, hidden, ...announced, ...joins });
}

function previous(earlier: Delta | undefined): { previousAlert?: number } {
  return earlier?.alertId === undefined ? {} : { previousAlert: earlier.alertId };
}

function latestPrevious(fresh: readonly ToldDelta[]): number | undefined {
  const ids = fresh.flatMap((told) => (told.previousAlert === undefined ? [] : [told.previousAlert]));
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function earlierTold(stories: Stories, subject: DeltaSubject): Delta | undefined {
  return stories(subject).find((delta) => delta.alertId !== undefined);
}

function storedDelta(input: CommitInput, delta: JudgedDelta, fate: Fate): NewDelta {
  const { state: _state, suppressed: _suppressed, ...plain } = delta;
  const { risk, hint } = riskOf(delta, delta);
  return {
    ...plain,
    groupId: input.group.id,
    scanId: input.scan.parentId ?? input.scan.id,
    at: input.now,
    state: fate.state,
    ...(fate.heldBack === undefined ? {} : { heldBack: fate.heldBack }),
    risk,
    ...(hint === undefined ? {} : { riskHint: hint }),
    ...seen(input, delta),
  };
}

/** What is there is seen now; what is gone was seen by an earlier scan, which is left out where nobody knows which. */
function seen(input: CommitInput, delta: JudgedDelta): { firstSeen?: number; lastSeen?: number } {
  const judged = input.judgement.hosts.find((state) => state.address === delta.address);
  const host = input.belief.hosts.get(delta.address) ?? judged;
  if (host === undefined) return {};
  const gone = delta.after?.present === false;
  if (delta.port === undefined) {
    return { firstSeen: host.firstSeen, lastSeen: host.lastSeen ?? (gone ? judged?.lastSeen : undefined) ?? input.now };
  }
  const firstSeen = serviceOf(host, delta)?.since ?? input.now;
  const lastSeen = gone ? serviceLastSeen(input.belief, delta) : input.now;
  return lastSeen === undefined ? { firstSeen } : { firstSeen, lastSeen };
}

function serviceOf(host: HostState, delta: JudgedDelta) {
  return host.services.find((service) => service.port === delta.port && service.protocol === (delta.protocol ?? 'tcp'));
}
