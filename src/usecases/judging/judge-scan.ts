import { defined } from '../../core/defined.ts';
import type { FateContext } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import type { Belief } from '../../core/model/judgement.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import type { Route } from '../../core/model/route.ts';
import { isCancelled, isOver, type Scan } from '../../core/model/scan.ts';
import { isWindowOpen } from '../../core/time/window.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSubject } from '../../ports/message.ts';
import type { JudgementCommit, Store } from '../../ports/store.ts';
import { nameChanges } from '../scanning/name-changes.ts';
import { firstError, recordCoverage } from '../scanning/scan-coverage.ts';
import type { JudgeChunks, JudgedChunks } from './chunks-to-judge.ts';
import { composeCommit } from './compose-commit.ts';
import { type FollowUpDeps, followUp, owedFollowUp } from './follow-up.ts';
import { identifiedBy, identifiedNotes, reportedIn } from './identified.ts';
import { knownGroup } from './known-group.ts';
import { hostSlices, judgedAmong } from './packed-slices.ts';
import { toldElsewhere } from './told-elsewhere.ts';

export type JudgeScanDeps = FollowUpDeps & {
  judgeChunks: JudgeChunks;
  log: Log;
  channelsOf(group: Group): Promise<readonly ChannelRef[]>;
  placesOf(group: Group): Promise<readonly Route[]>;
  /** Whether doubts of this scan can be confirmed soon. */
  canAsk(scan: Scan, group: Group): Promise<boolean>;
  /** The scan was made long ago, so its doubts are no reason to probe today. */
  past?: boolean;
  /** Starts the group's queued scan, if any. */
  startNext(groupId: number): Promise<void>;
  /** There is something to send. */
  wake(): void;
};

/**
 * Judges a scan whose chunks have all ended: once, in the order of its group's scans. May be called again after a
 * crash; a committed judgement is not repeated.
 */
export async function judgeScan(deps: JudgeScanDeps, scanId: number): Promise<void> {
  const { store, clock } = deps;
  const scan = await store.scans.byId(scanId);
  const group = scan === undefined ? undefined : await store.groups.byId(scan.groupId);
  if (scan === undefined || group === undefined || isOver(scan)) return;
  if (!(await store.scans.transition(scanId, ['queued', 'running', 'judging'], 'judging'))) return;
  if (scan.kind === 'confirmation' && (await isStale(store, scan))) {
    await endWithout(deps, scan, 'superseded');
  } else {
    await judgeStaged(deps, scan, group, clock.now());
  }
  await store.scans.prune(group.id, group.retention);
  await deps.startNext(group.id);
  deps.wake();
}

/**
 * A confirmation belongs to the scan after which it was planned; once a newer scan is judged, its question is obsolete.
 */
async function isStale(store: Store, scan: Scan): Promise<boolean> {
  const newest = await store.scans.list(
    { groupId: scan.groupId, statuses: ['done'], kind: 'scan' },
    { limit: 1, offset: 0 },
  );
  return (newest.items[0]?.number ?? 0) > scan.number;
}

/** Without a judgement; `error`: why it failed. */
async function endWithout(deps: JudgeScanDeps, scan: Scan, to: 'failed' | 'superseded', error?: string): Promise<void> {
  const end = isCancelled(scan) ? 'cancelled' : to;
  const why = end === 'failed' ? defined({ error }) : {};
  await deps.store.scans.transition(scan.id, ['judging'], end, { finishedAt: deps.clock.now(), ...why });
}

async function judgeStaged(deps: JudgeScanDeps, scan: Scan, group: Group, now: number): Promise<void> {
  const { store } = deps;
  const [chunks, staged] = [await store.scans.chunks(scan.id), await store.scans.staged(scan.id)];
  const [known, askable] = [await knownGroup(store, group.id), await deps.canAsk(scan, group)];
  const judged = await deps.judgeChunks({ scan, chunks, staged, policy: group.policy, at: now, askable }, known);
  await recordCoverage(store, scan, staged, judged);
  const identified = await identifiedBy(store.states, scan, reportedIn(chunks, staged));
  if (judged === undefined) await endWithout(deps, scan, 'failed', firstError(staged) ?? 'nmap gave no result');
  else await tell(deps, { scan, group, belief: known.read, judged, identified, now });
}

type Told = {
  scan: Scan;
  group: Group;
  belief: Belief;
  judged: JudgedChunks;
  identified: JudgementCommit['identified'];
  now: number;
};

async function tell(deps: JudgeScanDeps, { scan, group, belief, judged, identified, now }: Told): Promise<void> {
  const { store } = deps;
  const names = scan.kind === 'scan' ? await nameChanges(store, scan, group) : { deltas: [], settings: [] };
  const judgement = {
    ...judged.judgement,
    deltas: [...names.deltas, ...judged.judgement.deltas],
    notes: [...judged.judgement.notes, ...identifiedNotes(scan, identified, judged.seen.openPorts)],
  };
  const channels = await deps.channelsOf(group);
  const commit = await composeCommit(store, {
    scan,
    group,
    belief,
    judgement,
    judged: await judgedAmong(judged, new Set(judgement.deltas.map(({ address }) => address))),
    coverage: judged.coverage,
    seen: judged.seen,
    status: isCancelled(scan) ? 'cancelled' : 'done',
    now,
    routes: (await deps.placesOf(group)).filter((route) => channels.includes(route.channel)),
    fate: await fateContext(store, group, now),
    toldIn: (subjects) => toldElsewhere(store, group, deps.placesOf, subjects),
  });
  // One transaction: nothing is reported twice or never, wherever the process dies.
  const first = await firstDeterminedMessages(store, scan, judged, channels);
  const left = deps.past === true ? { ...judgement, doubts: [], passes: [] } : judgement;
  const { committed } = await store.deltas.commit({
    ...{
      ...commit,
      want: first.want,
      touch: [...commit.touch, ...first.touch],
      settings: [...names.settings, owedFollowUp(scan, left)],
    },
    ...defined({ basis: belief.version, identified, packedSeen: judged.packedSeen }),
    ...{ steady: judged.steady, settled: judged.settled, slices: hostSlices(judged.packed) },
    packedFirst: (judged.packed ?? []).map(({ first }) => first).filter(({ count }) => count > 0),
  });
  if (!committed) return;
  await followUp(deps, scan, group, left);
  deps.log.info({ scan: scan.id, group: group.name, deltas: judgement.deltas.length }, 'scan judged');
}

async function fateContext(store: Store, group: Group, now: number): Promise<Omit<FateContext, 'toldIn'>> {
  const windows = await store.holds.windows(group.id);
  return {
    groupId: group.id,
    now,
    policy: group.policy,
    mutes: await store.holds.mutes(),
    openWindows: windows.filter((window) => isWindowOpen(window, now)).map((window) => window.id),
    expectations: await store.holds.expectations({ groupId: group.id, status: 'waiting' }),
  };
}

/**
 * Hosts and services that are first determined are listed in the places of the group's alerts, except where the scan
 * has a message of its own with the same list.
 */
async function firstDeterminedMessages(
  store: Store,
  scan: Scan,
  { judgement, packed = [] }: JudgedChunks,
  channels: readonly ChannelRef[],
): Promise<{ want: NonNullable<JudgementCommit['want']>; touch: MessageSubject[] }> {
  if (judgement.firstDetermined.length === 0 && packed.every(({ first }) => first.count === 0))
    return { want: [], touch: [] };
  const subject = { type: 'first-determined' as const, group: scan.groupId };
  const own = await store.messages.bySubject({ type: 'scan', scan: scan.parentId ?? scan.id });
  const shown = own.map(({ channel }) => channel);
  const want = channels.filter((channel) => !shown.includes(channel)).map((channel) => ({ subject, channel }));
  return { want, touch: shown.length === 0 ? [] : [subject] };
}
