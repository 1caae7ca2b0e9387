import { UserError } from '../../core/errors.ts';
import type { ChannelRef, PlatformName, PrincipalKey } from '../../core/model/principal.ts';
import {
  CHAT_NAMES,
  PLACE_NAMES,
  type PlaceName,
  type Platform,
  placeExamples,
  platform as row,
} from '../../core/platforms.ts';
import { cleanText } from '../../core/text.ts';

/**
 * `slack:C0123`, `discord:803…`, `console:main`; on its own platform the id alone is enough. `among`: the accepted
 * platforms, by default those that show cards.
 */
export function channelRef(text: string, platform: PlatformName, among: readonly PlaceName[] = CHAT_NAMES): ChannelRef {
  const found = keyOf(text, platform, among, (one) => one.place);
  if (found !== undefined) return found;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” is not a channel.`, {
    word,
    hint: `Pick it from the list while typing #, or write its id: ${placeExamples(among)
      .map((example) => `\`${example}\``)
      .join(', ')}.`,
  });
}

/** A user, a Slack user group or a Discord role. */
export function principalKey(text: string, platform: PlatformName): PrincipalKey {
  const found = keyOf(text, platform, CHAT_NAMES, (one) => one.who);
  if (found !== undefined) return found;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” doesn’t identify one person or group.`, {
    word,
    hint: 'Pick the person or group from the list while typing @, or write the id: `slack:U0123456`, `slack:S0123456`, `discord:80351110224678912`.',
  });
}

function keyOf(
  text: string,
  platform: PlatformName,
  among: readonly PlaceName[],
  pattern: (platform: Platform) => RegExp | undefined,
): string | undefined {
  const only = among.find((name) => name === text.toLowerCase() && row(name).only !== undefined);
  if (only !== undefined) return `${only}:${row(only).only}`;
  const named = among.find((name) => text.toLowerCase().startsWith(`${name}:`));
  if (named !== undefined) {
    const id = text.slice(named.length + 1);
    return pattern(row(named))?.test(id) === true ? `${named}:${id}` : undefined;
  }
  const bare = text.replace(/^[@#]/, '');
  // `slack` on the console means Slack, not a channel of the console with this name.
  if (PLACE_NAMES.some((name) => name === bare.toLowerCase())) return undefined;
  return pattern(row(platform))?.test(bare) === true ? `${platform}:${bare}` : undefined;
}
