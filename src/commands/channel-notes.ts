import type { ChannelRef } from '../core/principal.ts';
import type { Deps } from './deps.ts';

/** What keeps the bot from posting there, said at once rather than with the first lost alert. */
export async function channelNotes(
  deps: Pick<Deps, 'checkChannel'>,
  channel: ChannelRef | undefined,
): Promise<readonly string[]> {
  return channel === undefined || deps.checkChannel === undefined ? [] : await deps.checkChannel(channel);
}
