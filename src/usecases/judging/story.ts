import type { Delta } from '../../core/model/alert.ts';
import { type DeltaKind, type DeltaSubject, deltaKey } from '../../core/model/delta.ts';
import type { Store } from '../../ports/store.ts';

const SERVICE_KINDS: readonly DeltaKind[] = ['service-added', 'service-removed', 'service-changed'];
const HOST_KINDS: readonly DeltaKind[] = ['host-appeared', 'host-down', 'host-recovered'];
const TARGET_KINDS: readonly DeltaKind[] = ['target-added', 'target-removed'];

/** News about one thing: a service that closes and opens again is one story. */
function sameStory(subject: DeltaSubject): string[] {
  const family = [SERVICE_KINDS, HOST_KINDS, TARGET_KINDS].find((kinds) => kinds.includes(subject.kind)) ?? [
    subject.kind,
  ];
  return family.map((kind) => deltaKey({ ...subject, kind }));
}

/** What a group has last said of each kind in the stories of some subjects, newest first. */
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
