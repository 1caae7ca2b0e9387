import { notConnected } from '../cards/delivery.ts';
import { NONE } from '../core/group-options/types.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import { platformOf } from '../core/platforms.ts';
import type { Deps } from './deps.ts';
import type { CommandOptions } from './grammar/command-description.ts';
import { textOf } from './input/options.ts';

/** What keeps the bot from posting there, reported at once rather than with the first lost alert. */
export async function channelNotes(
  deps: Pick<Deps, 'checkChannel' | 'platforms'>,
  channel: ChannelRef | undefined,
): Promise<readonly string[]> {
  if (channel === undefined) return [];
  if (platformOf(channel) === 'console') return awayNotes([channel], deps.platforms());
  return deps.checkChannel === undefined ? [] : await deps.checkChannel(channel);
}

/** Messages to that place wait, and why: shown for as long as they do. */
export function awayNotes(channels: readonly ChannelRef[], connected: readonly string[]): string[] {
  return channels.flatMap((channel) => {
    const away = notConnected(channel, connected);
    return away === undefined ? [] : [`What goes to ${channel} waits: ${away}`];
  });
}

/**
 * A scan at a site without a worker waits for one, and a confirmation is made from another site: shown when a site is
 * chosen.
 */
export async function siteNotes(
  deps: Pick<Deps, 'queueStats'>,
  options: CommandOptions<'site' | 'confirm-site'>,
): Promise<readonly string[]> {
  const [site, confirmSite] = [textOf(options, 'site'), textOf(options, 'confirm-site')];
  if (site === undefined && confirmSite === undefined) return [];
  const { sites } = await deps.queueStats();
  const isIdle = (name: string) => !sites.some((known) => known.site === name && known.workers > 0);
  const start = (name: string) => `netdelta worker --site ${name} runs`;
  return [
    ...(site !== undefined && isIdle(site)
      ? [`No worker of site ${site} is connected now: its scans wait until ${start(site)}.`]
      : []),
    ...(confirmSite !== undefined && confirmSite !== NONE && isIdle(confirmSite)
      ? [
          `No worker of site ${confirmSite} is connected now: doubts are confirmed from the group’s own site until ${start(confirmSite)}.`,
        ]
      : []),
  ];
}
