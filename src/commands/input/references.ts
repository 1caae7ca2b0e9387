import { UserError } from '../../core/errors.ts';
import type { ChannelRef, PlatformName, PrincipalKey } from '../../core/model/principal.ts';
import { cleanText } from '../../core/text.ts';

const SLACK_CHANNEL = /^[CGD][A-Z0-9]{1,30}$/;
const SLACK_WHO = /^[UWS][A-Z0-9]{1,30}$/;
const SNOWFLAKE = /^\d{5,25}$/;
const CONSOLE_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** `slack:C0123`, `discord:803…`, `console:main`; on its own platform the id alone will do. */
export function channelRef(text: string, platform: PlatformName): ChannelRef {
  const found = keyOf(text, platform, { slack: SLACK_CHANNEL, discord: SNOWFLAKE, console: CONSOLE_NAME });
  if (found !== undefined) return found;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” is not a channel.`, {
    word,
    hint: 'Pick it from the list while typing #, or write its id: `slack:C0123456`, `discord:80351110224678912`.',
  });
}

/** A user, a Slack user group or a Discord role. */
export function principalKey(text: string, platform: PlatformName): PrincipalKey {
  const found = keyOf(text, platform, { slack: SLACK_WHO, discord: SNOWFLAKE, console: CONSOLE_NAME });
  if (found !== undefined) return found;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” is nobody that can be told apart for sure.`, {
    word,
    hint: 'Pick the person or group from the list while typing @, or write the id: `slack:U0123456`, `slack:S0123456`, `discord:80351110224678912`.',
  });
}

function keyOf(text: string, platform: PlatformName, patterns: Record<PlatformName, RegExp>): string | undefined {
  const match = /^(slack|discord|console):(.+)$/i.exec(text);
  if (match !== null) {
    const named = match[1]?.toLowerCase();
    const id = match[2] ?? '';
    if (named !== 'slack' && named !== 'discord' && named !== 'console') return undefined;
    return patterns[named].test(id) ? `${named}:${id}` : undefined;
  }
  const bare = text.replace(/^[@#]/, '');
  return patterns[platform].test(bare) ? `${platform}:${bare}` : undefined;
}
