import type { Delta } from '../../core/model/alert.ts';
import { heldByMute, heldByWindow } from '../../core/model/fate.ts';
import type { MaintenanceWindow, Mute } from '../../core/model/hold.ts';
import type { NoticeDeps } from '../delivery/notices.ts';
import { type EndedHold, releaseHeld } from './release-held.ts';

/** What an ended hold had held back, and which of it is open now. */
export type Released = { held: Delta[]; open: Delta[] };

/** Ends a mute early; undefined when it had already ended. */
export async function endMuteNow(deps: NoticeDeps, mute: Mute, now: number): Promise<Released | undefined> {
  const { holds } = deps.store;
  return await endNow(deps, {
    reason: heldByMute(mute.id),
    words: `mute ${mute.id} (${mute.what}) has ended`,
    held: () => holds.heldBack(heldByMute(mute.id), mute.from),
    end: () => holds.endMute(mute.id, now),
    now,
  });
}

/** Removes a window, open or not; undefined when it was already gone. */
export async function removeWindowNow(
  deps: NoticeDeps,
  window: MaintenanceWindow,
  now: number,
): Promise<Released | undefined> {
  const { holds } = deps.store;
  return await endNow(deps, {
    reason: heldByWindow(window.id),
    words: `maintenance window ${window.id} (${window.phrase}) was removed`,
    held: () => holds.heldBack(heldByWindow(window.id), window.toldUntil ?? window.createdAt),
    end: () => holds.removeWindow(window.id),
    now,
  });
}

/**
 * Changes that still hold are opened before the hold is removed, so that a crash in between loses nothing; changes that
 * a scan being judged held back meanwhile follow.
 */
async function endNow(
  deps: NoticeDeps,
  hold: EndedHold & { held(): Promise<Delta[]>; end(): Promise<boolean>; now: number },
): Promise<Released | undefined> {
  const times = { at: hold.now, shownAt: hold.now };
  const held = await hold.held();
  const open = await releaseHeld(deps, held, hold, times);
  if (!(await hold.end())) return undefined;
  const late = (await hold.held()).filter(({ id }) => !held.some((known) => known.id === id));
  const words = `${hold.words}: what it held back at the last moment`;
  const opened = await releaseHeld(deps, late, { ...hold, words }, times);
  return { held: [...held, ...late], open: [...open, ...opened] };
}
