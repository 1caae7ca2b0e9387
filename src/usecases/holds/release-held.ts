import type { Text } from '../../cards/card.ts';
import { acknowledgeMenu, deltaLine } from '../../cards/delta.ts';
import { code, counted, kindCounts, rich, toneOf } from '../../cards/words.ts';
import type { Delta } from '../../core/model/alert.ts';
import { heldByMute, heldByWindow, heldForNow } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import { isWindowOpen } from '../../core/time/window.ts';
import { type NoticeDeps, tellGroup } from '../delivery/notices.ts';
import { shapeOf } from '../judging/announce.ts';
import { stillSo } from './still-so.ts';

const SHOWN = 20;

/** A hold that ends: the reason stored with what it held back, and the words that announce its end. */
export type EndedHold = { reason: string; words: string };

/**
 * Releases what a hold held back: changes that still hold are open from now on, and reported in one message per group;
 * changes that were undone meanwhile are counted, and changes covered by another hold wait for the end of that one. The
 * report comes first, the opening second: a crash in between repeats the same message, which remains one. Sinks receive
 * an event, written with the opening itself. Returns what is open now.
 */
export async function releaseHeld(
  deps: NoticeDeps,
  held: readonly Delta[],
  { reason, words }: EndedHold,
  times: { at: number; shownAt: number },
): Promise<Delta[]> {
  const opened: Delta[] = [];
  for (const groupId of new Set(held.map((delta) => delta.groupId))) {
    const group = await deps.store.groups.byId(groupId);
    if (group === undefined) continue;
    const own = held.filter((delta) => delta.groupId === groupId);
    const { still, kept } = await keptLonger(deps.store, await stillSo(deps.store, own), {
      groupId,
      at: times.at,
      reason,
    });
    await tellGroup(deps, group, {
      ...{ title: `${group.name}: ${words}`, tone: still.length === 0 ? 'info' : toneOf(still), ...times },
      lines: lines(group, own, still, kept.length),
      controls: acknowledgeMenu(still.map((delta) => ({ ...delta, state: 'confirmed' as const }))),
    });
    const thread = shapeOf(still);
    await deps.store.deltas.release(
      still.map(({ id }) => id),
      { groupId, at: times.at, reason: words, thread },
    );
    opened.push(...still);
  }
  return opened;
}

/** A change that another mute or window covers stays held back, by that one. */
async function keptLonger(
  store: NoticeDeps['store'],
  still: readonly Delta[],
  ended: { groupId: number; at: number; reason: string },
): Promise<{ still: Delta[]; kept: Delta[] }> {
  const { groupId, at: now, reason } = ended;
  const windows = (await store.holds.windows(groupId)).filter(({ id }) => heldByWindow(id) !== reason);
  const mutes = (await store.holds.mutes()).filter(({ id }) => heldByMute(id) !== reason);
  const openWindows = windows.filter((window) => isWindowOpen(window, now)).map(({ id }) => id);
  const free: Delta[] = [];
  const kept: Delta[] = [];
  for (const delta of still) {
    const other = heldForNow(delta, { groupId, now, mutes, openWindows });
    if (other === undefined) free.push(delta);
    else {
      await store.deltas.hold([delta.id], other);
      kept.push(delta);
    }
  }
  return { still: free, kept };
}

function lines(group: Group, held: readonly Delta[], still: readonly Delta[], kept: number): Text[] {
  const happened = `${counted(held.length, 'change')} happened meanwhile: ${kindCounts(held)}`;
  const covered =
    kept === 0
      ? []
      : [
          `${counted(kept, 'change still holds and is', 'changes still hold and are')} held back by another mute or window.`,
        ];
  if (still.length === 0) return kept === 0 ? [`${happened}. None of it still holds.`] : [`${happened}.`, ...covered];
  const shown = still.slice(0, SHOWN).map((delta) => deltaLine({ ...delta, state: 'confirmed' }, group.name));
  const more = still.length - shown.length;
  return [
    `${happened}. Open now, because ${still.length === 1 ? 'it still holds' : 'they still hold'}:`,
    ...shown,
    ...(more === 0 ? [] : [rich(`and ${more} more: `, code(`delta list ${group.name}`))]),
    ...covered,
  ];
}
