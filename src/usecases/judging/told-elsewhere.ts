import type { Delta } from '../../core/model/alert.ts';
import { type DeltaSubject, deltaKey } from '../../core/model/delta.ts';
import type { Group } from '../../core/model/group.ts';
import { isFiltered, type Route } from '../../core/model/route.ts';
import type { Store } from '../../ports/store.ts';
import { readStories, type Stories } from './story.ts';

type Subject = DeltaSubject & { members?: readonly string[] };

/**
 * Groups may overlap; a change in both is told once. It is told already when the other group's latest word on the
 * same host or service is the same news, announced in every channel that this group would tell. Not when this group
 * knows better: it has said more of it since, or came into being later, so that what it sees now is another change.
 */
export async function toldElsewhere(
  store: Store,
  group: Group,
  placesOf: (group: Group) => Promise<readonly Route[]>,
  subjects: readonly Subject[],
): Promise<(subject: Subject) => string | undefined> {
  const channels = (await placesOf(group)).map((route) => route.channel);
  const others: { name: string; stories: Stories }[] = [];
  for (const other of subjects.length === 0 ? [] : await store.groups.list()) {
    if (other.id === group.id) continue;
    // A place that is sent only some of the other group's news may not have had this.
    const theirs = (await placesOf(other)).filter((route) => !isFiltered(route)).map((route) => route.channel);
    if (!channels.every((channel) => theirs.includes(channel))) continue;
    others.push({ name: other.name, stories: await readStories(store, other.id, subjects) });
  }
  const own = await readStories(store, group.id, others.length === 0 ? [] : subjects);
  return (subject) => {
    const since = Math.max(group.createdAt, (lastWord(own(subject))?.at ?? Number.NEGATIVE_INFINITY) + 1);
    return others.find(({ stories }) => {
      const word = lastWord(stories(subject));
      const same = word !== undefined && deltaKey(word) === deltaKey(subject) && holdsAll(word, subject);
      return same && word.alertId !== undefined && word.at >= since;
    })?.name;
  };
}

/** An outage of a network is the same news only where its hosts are among those that were reported. */
function holdsAll({ members: told = [] }: Delta, { address, members = [] }: Subject): boolean {
  return !address.includes('/') || members.every((member) => told.includes(member));
}

function lastWord(story: readonly Delta[]): Delta | undefined {
  return story.find((delta) => delta.state !== 'candidate');
}
