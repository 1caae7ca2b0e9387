import type { Text } from '../../cards/card.ts';
import { muteLine, windowLine } from '../../cards/holds.ts';
import { coversHost } from '../../core/model/fate.ts';
import type { Group } from '../../core/model/group.ts';
import { isWindowOpen } from '../../core/time/window.ts';
import type { Store } from '../../ports/store.ts';

/** Mutes and open windows in force: for everything, for one group, or for one host of it. */
export async function holdsInForce(
  store: Pick<Store, 'holds' | 'groups'>,
  now: number,
  of: { group?: Group; address?: string } = {},
): Promise<Text[]> {
  const { group, address } = of;
  const mutes = (await store.holds.mutes()).filter(({ from, until, match }) => {
    if (from > now || until <= now) return false;
    if (group !== undefined && match.groupId !== undefined && match.groupId !== group.id) return false;
    return group === undefined || address === undefined || coversHost(match, group.id, address);
  });
  const windows = (await store.holds.windows(group?.id)).filter((window) => isWindowOpen(window, now));
  const names = new Map((await store.groups.list()).map(({ id, name }) => [id, name]));
  return [...mutes.map(muteLine), ...windows.map((window) => windowLine(window, names.get(window.groupId) ?? '', now))];
}
