import type { Delta } from '../../core/model/alert.ts';
import { heldByMute, heldByWindow } from '../../core/model/fate.ts';
import type { MaintenanceWindow, Mute } from '../../core/model/hold.ts';
import type { Store } from '../../ports/store.ts';

/** Ends a mute before its time. Returns what it held back, or undefined when it had ended already. */
export async function endMuteNow(store: Store, mute: Mute, now: number): Promise<Delta[] | undefined> {
  if (!(await store.holds.endMute(mute.id, now))) return undefined;
  return await store.holds.heldBack(heldByMute(mute.id), mute.from);
}

/** Removes a window, open or not. Returns what it has held back and nobody was told of yet. */
export async function removeWindowNow(store: Store, window: MaintenanceWindow): Promise<Delta[] | undefined> {
  if (!(await store.holds.removeWindow(window.id))) return undefined;
  return await store.holds.heldBack(heldByWindow(window.id), window.toldUntil ?? window.createdAt);
}
