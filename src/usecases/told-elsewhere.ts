import { type DeltaSubject, deltaKey } from '../core/delta.ts';
import type { Group } from '../core/group.ts';
import type { ChannelRef } from '../core/principal.ts';
import type { Store } from '../ports/store.ts';
import { sameStory } from './compose-commit.ts';

/**
 * Groups may overlap; a change in both is told once. It is told already when the other group's latest word on the
 * same host or service is the same news, announced in every channel that this group would tell.
 */
export function toldElsewhere(
  store: Store,
  group: Group,
  channels: readonly ChannelRef[],
  channelsOf: (group: Group) => Promise<readonly ChannelRef[]>,
): (subject: DeltaSubject) => Promise<string | undefined> {
  let others: Promise<{ group: Group; channels: readonly ChannelRef[] }[]> | undefined;
  const load = async () => {
    const groups = (await store.groups.list()).filter((other) => other.id !== group.id);
    return Promise.all(groups.map(async (other) => ({ group: other, channels: await channelsOf(other) })));
  };
  return async (subject) => {
    others ??= load();
    for (const other of await others) {
      if (!channels.every((channel) => other.channels.includes(channel))) continue;
      const latest = [...(await store.deltas.latestByKey(other.group.id, sameStory(subject))).values()];
      const word = latest.filter((delta) => delta.state !== 'candidate').sort((a, b) => b.id - a.id)[0];
      if (word?.alertId !== undefined && deltaKey(word) === deltaKey(subject)) return other.group.name;
    }
    return undefined;
  };
}
