import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey } from '../../core/model/delta.ts';
import type { Group } from '../../core/model/group.ts';
import type { Judgement } from '../../core/model/judgement.ts';
import type { Ownership } from '../../core/model/record.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';
import { readOwnership } from '../records/ownership.ts';
import type { Thread } from './announce.ts';
import type { Facts } from './decide.ts';
import { readItems, readStories } from './story.ts';
import type { ToldThere } from './told-elsewhere.ts';

/** Whether another group has already announced these. */
export type ToldIn = (subjects: readonly DeltaSubject[]) => Promise<(subject: DeltaSubject) => ToldThere | undefined>;

export type CommitFacts = Facts & {
  /** The alert of this scan, or of the scan that a confirmation belongs to, if there is one. */
  ownAlert: number | undefined;
  ownership: (group: Group, address: string) => Ownership;
  /** The threads in which this judgement may post, by alert. */
  threads: ReadonlyMap<number, Thread>;
};

/** Reads at once everything that is needed to decide and announce the deltas of a judgement; there may be thousands. */
export async function readFacts(
  store: Store,
  scan: Scan,
  judgement: Pick<Judgement, 'deltas'>,
  toldIn: ToldIn,
): Promise<CommitFacts> {
  const confirmed = judgement.deltas.filter((delta) => delta.state === 'confirmed');
  const candidates = await store.deltas.openCandidates(scan.groupId);
  const stories = await readStories(store, scan.groupId, confirmed);
  const items = await readItems(store, stories, confirmed);
  const ownAlert = (await store.deltas.alertOfScan(scan.parentId ?? scan.id))?.id;
  const known = new Map(candidates.map((delta) => [deltaKey(delta), delta]));
  const doubted = confirmed.flatMap((delta) => known.get(deltaKey(delta))?.scanId ?? []);
  const reported = await readReported(store, new Set(doubted));
  const earlier = [
    ...confirmed.flatMap((delta) => stories(delta)),
    ...items.values(),
    ...[...reported.values()].flat(),
  ];
  const alerts = [ownAlert, ...earlier.map(({ alertId }) => alertId)].filter((id) => id !== undefined);
  return {
    candidates: known,
    reported,
    stories,
    items,
    toldIn: await toldIn(confirmed),
    ownAlert,
    ownership: await readOwnership(
      store,
      confirmed.map(({ address }) => address),
    ),
    threads: await readThreads(store, new Set(alerts)),
  };
}

/** The deltas in the alerts of these scans. */
async function readReported(store: Store, scans: ReadonlySet<number>): Promise<Map<number, Delta[]>> {
  const reported = new Map<number, Delta[]>();
  for (const scan of scans) {
    const alert = await store.deltas.alertOfScan(scan);
    if (alert !== undefined) reported.set(scan, await allDeltas(store, { alertId: alert.id, states: ['confirmed'] }));
  }
  return reported;
}

async function readThreads(store: Store, alerts: ReadonlySet<number>): Promise<Map<number, Thread>> {
  const threads = new Map<number, Thread>();
  for (const id of alerts) {
    const alert = await store.deltas.alert(id);
    if (alert === undefined) continue;
    const parts = await store.messages.threadParts(id);
    const deltas = parts.size > 0 ? [] : await allDeltas(store, { alertId: id, states: ['confirmed'] });
    threads.set(id, { by: alert.thread, parts, deltas });
  }
  return threads;
}
