import { notConnected } from '../cards/delivery.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import { platformOf } from '../core/platforms.ts';
import type { Deps } from './deps.ts';

/** What keeps the bot from posting there, said at once rather than with the first lost alert. */
export async function channelNotes(
  deps: Pick<Deps, 'checkChannel' | 'platforms'>,
  channel: ChannelRef | undefined,
): Promise<readonly string[]> {
  if (channel === undefined) return [];
  if (platformOf(channel) === 'console') return awayNotes([channel], deps.platforms());
  return deps.checkChannel === undefined ? [] : await deps.checkChannel(channel);
}

/** What is sent there waits, and why: stays visible as long as it is so. */
export function awayNotes(channels: readonly ChannelRef[], connected: readonly string[]): string[] {
  return channels.flatMap((channel) => {
    const away = notConnected(channel, connected);
    return away === undefined ? [] : [`What goes to ${channel} waits: ${away}`];
  });
}

/** A scan of a site without a worker waits for one: said when the site is chosen. */
export async function siteNotes(deps: Pick<Deps, 'queueStats'>, site: string | undefined): Promise<readonly string[]> {
  if (site === undefined) return [];
  const { sites } = await deps.queueStats();
  if (sites.some((known) => known.site === site && known.workers > 0)) return [];
  return [`No worker of site ${site} is connected now: its scans wait until netdelta worker --site ${site} runs.`];
}
