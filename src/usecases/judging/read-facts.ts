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

/** Whether another group has announced these already. */
export type ToldIn = (subjects: readonly DeltaSubject[]) => Promise<(subject: DeltaSubject) => string | undefined>;

export type CommitFacts = Facts & {
  /** The alert of this scan, or of the one that a confirmation belongs to, where there is one. */
  ownAlert: number | undefined;
  ownership: (group: Group, address: string) => Ownership;
  /** The threads that this judgement may write in, by alert. */
  threads: ReadonlyMap<number, Thread>;
};

/** Reads at once what the deltas of a judgement, of which there may be thousands, are decided and told by. */
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
  const earlier = [...confirmed.flatMap((delta) => stories(delta)), ...items.values()];
  const alerts = [ownAlert, ...earlier.map(({ alertId }) => alertId)].filter((id) => id !== undefined);
  return {
    candidates: new Map(candidates.map((delta) => [deltaKey(delta), delta])),
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
