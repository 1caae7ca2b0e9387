import { UserError } from '../../core/errors.ts';
import { MAX_ATTEMPTS, NONE, parseAttempts, parseRemind } from '../../core/group-options/types.ts';
import type { PlatformName } from '../../core/model/principal.ts';
import { OWNER, parseTags } from '../../core/model/record.ts';
import { RISKS } from '../../core/model/scales.ts';
import { cleanText, nearest } from '../../core/text.ts';
import { principalKey } from './references.ts';

/** `on`, `off`, or how many confirmation scans a doubt may cost. */
export function checkAttempts(text: string): string {
  const attempts = parseAttempts(text);
  if (attempts !== undefined) return String(attempts);
  const word = cleanText(text, 40);
  throw new UserError(`“${word}” is neither on nor off nor a number.`, {
    word,
    hint: `Expected \`on\`, \`off\` or 0 to ${MAX_ATTEMPTS}.`,
  });
}

/** It becomes part of a queue's name. */
export function checkSite(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/i.test(text)) return text;
  const word = cleanText(text, 40);
  throw new UserError(`“${word}” cannot be the name of a site.`, {
    word,
    hint: 'Use up to 40 letters, digits, `-` and `_`; `local` is the bot’s own.',
  });
}

/**
 * `@alice`, `@alice/high`, `owner/high`, `@alice/high/dmz`: who is pinged, from which risk, for hosts with which tag.
 */
export function checkNotify(text: string, platform: PlatformName): string {
  if (text.toLowerCase() === NONE) return NONE;
  const [who = '', typed = 'info', tag, ...more] = text.split('/').map((part) => part.trim());
  const key = who.toLowerCase() === OWNER ? OWNER : whoOf(who, platform);
  const from = RISKS.find((risk) => risk === typed.toLowerCase());
  const tags = tag === undefined ? [] : parseTags(tag);
  if (from !== undefined && tags !== undefined && more.length === 0) return [key, from, ...tags.slice(0, 1)].join('/');
  if (from !== undefined) throw notATag([tag, ...more].join('/'));
  throw noRisk(typed);
}

function whoOf(who: string, platform: PlatformName): string {
  try {
    return principalKey(who, platform);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const form = 'Write `@bob`, or `@bob/high` for what is of high risk or worse, without blanks.';
    throw new UserError(error.message, { word: cleanText(who, 60), hint: `${form}\n${error.hint ?? ''}`.trim() });
  }
}

/** `24h`, `8h/medium`, `off`: how long until somebody is reminded, and from which risk. */
export function checkRemind(text: string): string {
  if (parseRemind(text) !== undefined) return text;
  throw noRisk(text.slice(text.indexOf('/') + 1));
}

function noRisk(typed: string): UserError {
  const word = cleanText(typed, 40);
  const meant = nearest(word, RISKS);
  return new UserError(`“${word}” is not a risk.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}Expected one of ${RISKS.join(', ')}.`,
  });
}

function notATag(text: string): UserError {
  const word = cleanText(text, 40);
  return new UserError(`“${word}” is not a tag.`, { word, hint: 'Expected one tag, for example `@alice/high/dmz`.' });
}
