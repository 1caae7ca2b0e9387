import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey } from '../../core/model/delta.ts';
import type { Group } from '../../core/model/group.ts';
import { isFiltered, type Route } from '../../core/model/route.ts';
import type { Store } from '../../ports/store.ts';
import { readStories, type Stories } from './story.ts';

type Subject = DeltaSubject & { members?: readonly string[] };

/** The other group that has reported a change, and the alert in which it did. */
export type ToldThere = { group: string; alert: number };

/**
 * Groups may overlap, and a change in both is reported once. It is already reported when the other group's latest delta
 * of the same host or service is the same change, announced in every channel of this group. It is not when this group
 * has more recent information: it has reported the subject since, or was created later, so that what it sees now is
 * another change.
 */
export async function toldElsewhere(
  store: Store,
  group: Group,
  placesOf: (group: Group) => Promise<readonly Route[]>,
  subjects: readonly Subject[],
): Promise<(subject: Subject) => ToldThere | undefined> {
  const channels = (await placesOf(group)).map((route) => route.channel);
  const others: { name: string; stories: Stories }[] = [];
  for (const other of subjects.length === 0 ? [] : await store.groups.list()) {
    if (other.id === group.id) continue;
    // A place with a filter may not have received this from the other group.
    const theirs = (await placesOf(other)).filter((route) => !isFiltered(route)).map((route) => route.channel);
    if (!channels.every((channel) => theirs.includes(channel))) continue;
    others.push({ name: other.name, stories: await readStories(store, other.id, subjects) });
  }
  const own = await readStories(store, group.id, others.length === 0 ? [] : subjects);
  return (subject) => {
    const since = Math.max(group.createdAt, (lastWord(own(subject))?.at ?? Number.NEGATIVE_INFINITY) + 1);
    for (const { name, stories } of others) {
      const word = lastWord(stories(subject));
      const same = word !== undefined && deltaKey(word) === deltaKey(subject) && holdsAll(word, subject);
      if (same && word.alertId !== undefined && word.at >= since) return { group: name, alert: word.alertId };
    }
    return undefined;
  };
}

/** An outage of a network is the same only if its hosts are among those that were reported. */
function holdsAll({ members: told = [] }: Delta, { address, members = [] }: Subject): boolean {
  return !address.includes('/') || members.every((member) => told.includes(member));
}

function lastWord(story: readonly Delta[]): Delta | undefined {
  return story.find((delta) => delta.state !== 'candidate');
}
