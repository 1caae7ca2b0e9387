import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey } from '../../core/model/delta.ts';
import { familyOf } from '../../core/model/delta-kinds.ts';
import type { Store } from '../../ports/store.ts';
import { allDeltas } from '../answers/all-deltas.ts';

/** The keys of one story: a service that closes and opens again belongs to one. */
function sameStory(subject: DeltaSubject): string[] {
  return familyOf(subject.kind).map((kind) => deltaKey({ ...subject, kind }));
}

/** The group's last delta of each kind in the stories of some subjects, newest first. */
export type Stories = (subject: DeltaSubject) => Delta[];

/** Read at once for all of them: a scan may have thousands. */
export async function readStories(store: Store, groupId: number, subjects: readonly DeltaSubject[]): Promise<Stories> {
  const keys = new Set(subjects.flatMap(sameStory));
  const latest = keys.size === 0 ? new Map<string, Delta>() : await store.deltas.latestByKey(groupId, [...keys]);
  return (subject) =>
    sameStory(subject)
      .flatMap((key) => latest.get(key) ?? [])
      .sort((a, b) => b.id - a.id);
}

/** The items to which the latest deltas of some stories belong, by id. */
export async function readItems(store: Store, stories: Stories, subjects: readonly DeltaSubject[]): Promise<Items> {
  const ids = [...new Set(subjects.flatMap((subject) => stories(subject).flatMap(({ partOf }) => partOf ?? [])))];
  const items = ids.length === 0 ? [] : await allDeltas(store, { ids });
  return new Map(items.map((item) => [item.id, item]));
}

export type Items = ReadonlyMap<number, Delta>;
