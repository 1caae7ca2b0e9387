import type { Text } from '../../cards/card.ts';
import { acknowledgeMenu, deltaLine } from '../../cards/delta.ts';
import { code, counted, kindCounts, rich, toneOf } from '../../cards/words.ts';
import type { Delta } from '../../core/model/alert.ts';
import type { Group } from '../../core/model/group.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';
import { stillSo } from './still-so.ts';

const SHOWN = 20;

/**
 * Held back is not gone: what is still so is open from now on, and reported in one message to each group; what was
 * undone meanwhile is counted. First reported, then opened: a crash between the two repeats the same message, which is
 * still one. Sinks are told by an event, with the opening itself. `what`: `mute 3 (lab) has ended`. Returns what is open now.
 */
export async function releaseHeld(
  deps: NoticeDeps,
  held: readonly Delta[],
  what: string,
  times: { at: number; shownAt: number },
): Promise<Delta[]> {
  const opened: Delta[] = [];
  for (const groupId of new Set(held.map((delta) => delta.groupId))) {
    const group = await deps.store.groups.byId(groupId);
    if (group === undefined) continue;
    const own = held.filter((delta) => delta.groupId === groupId);
    const still = await stillSo(deps.store, own);
    await tellGroup(deps, group, {
      ...{ title: `${group.name}: ${what}`, tone: still.length === 0 ? 'info' : toneOf(still), ...times },
      lines: lines(group, own, still),
      controls: acknowledgeMenu(still.map((delta) => ({ ...delta, state: 'confirmed' as const }))),
    });
    await deps.store.deltas.release(
      still.map(({ id }) => id),
      { groupId, at: times.at, reason: what },
    );
    opened.push(...still);
  }
  return opened;
}

function lines(group: Group, held: readonly Delta[], still: readonly Delta[]): Text[] {
  const happened = `${counted(held.length, 'change')} happened meanwhile: ${kindCounts(held)}`;
  if (still.length === 0) return [`${happened}. Nothing of it is so any more.`];
  const shown = still.slice(0, SHOWN).map((delta) => deltaLine({ ...delta, state: 'confirmed' }, group.name));
  const more = still.length - shown.length;
  return [
    `${happened}. Still so, and open now:`,
    ...shown,
    ...(more === 0 ? [] : [rich(`and ${more} more: `, code(`delta list ${group.name}`))]),
  ];
}
