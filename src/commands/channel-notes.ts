import type { ChannelRef } from '../core/model/principal.ts';
import type { Deps } from './deps.ts';

/** What keeps the bot from posting there, said at once rather than with the first lost alert. */
export async function channelNotes(
  deps: Pick<Deps, 'checkChannel'>,
  channel: ChannelRef | undefined,
): Promise<readonly string[]> {
  return channel === undefined || deps.checkChannel === undefined ? [] : await deps.checkChannel(channel);
}

/** A scan of a site without a worker waits for one: said when the site is chosen. */
export async function siteNotes(deps: Pick<Deps, 'queueStats'>, site: string | undefined): Promise<readonly string[]> {
  if (site === undefined) return [];
  const { sites } = await deps.queueStats();
  if (sites.some((known) => known.site === site && known.workers > 0)) return [];
  return [`No worker of site ${site} is connected now: its scans wait until netdelta worker --site ${site} runs.`];
}
