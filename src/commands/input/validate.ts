import { UserError, unreachable } from '../../core/errors.ts';
import { NONE } from '../../core/group-options/types.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import type { PlatformName } from '../../core/model/principal.ts';
import { findProfile } from '../../core/model/profile.ts';
import { canonicalAddress } from '../../core/network/addresses.ts';
import { parsePorts } from '../../core/network/ports.ts';
import { parseTargets } from '../../core/network/targets.ts';
import { CHAT_NAMES, namesPlatform, PLACE_NAMES } from '../../core/platforms.ts';
import { cleanText, nearest } from '../../core/text.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { checkZone } from '../../core/time/zone.ts';
import { checkAttempts, checkNotify, checkRemind, checkSite } from './group-words.ts';
import { parseIds } from './ids.ts';
import { channelRef, principalKey } from './references.ts';

const MAX_TEXT = 500;
const MAX_WORD = 200;
/**
 * The typed value of one option, checked and in its canonical spelling: the one place that text, typed clients and
 * forms share. Checks that need the store (does the group exist?) are up to the handlers. Throws UserError.
 */
export function validateOption(
  option: OptionDefinition,
  typed: string,
  platform: PlatformName,
): string | readonly string[] {
  const text = typed.trim();
  switch (option.type) {
    case 'text':
      return checkText(option, typed);
    case 'integer':
      return checkInteger(option, text);
    case 'boolean':
      return checkBoolean(text);
    case 'duration':
      return option.min === 0 && /^(?:off|none|0)$/i.test(text) ? '0' : String(parseDuration(text));
    case 'channel':
      return text.toLowerCase() === NONE
        ? NONE
        : channelRef(text, platform, option.anyPlatform === true ? PLACE_NAMES : CHAT_NAMES);
    case 'who':
      return option.orName === true && !namesPlatform(text) ? cleanText(text, MAX_WORD) : principalKey(text, platform);
    case 'choice':
      return checkChoice(option, option.numbered?.[Number(text)] ?? text);
    case 'choices':
      return [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))].map((word) => checkChoice(option, word));
    case 'scan':
    case 'schedule':
    case 'delta':
    case 'mute':
    case 'window':
    case 'expectation':
    case 'note':
      return oneId(option, text);
    case 'deltas':
      return parseIds(text, 'delta');
    case 'host':
      return checkAddress(text);
    case 'profile':
      return findProfile(text).name;
    case 'timezone':
      return checkZone(text);
    case 'targets':
      return text.toLowerCase() === NONE ? [] : parseTargets(text).map((target) => target.text);
    case 'ports':
      return checkPorts(text);
    case 'attempts':
      return checkAttempts(text);
    case 'site':
      return checkSite(text);
    case 'notify':
      return checkNotify(text, platform);
    case 'remind':
      return checkRemind(text);
    case 'group':
    case 'when':
    case 'time':
      return cleanText(text, MAX_WORD);
    case 'file':
      throw new UserError('A file is attached, not typed.', { hint: 'Leave this out to get a form for it.' });
    default:
      return unreachable(option.type);
  }
}

function checkText(option: OptionDefinition, typed: string): string {
  if (typed.length > MAX_TEXT) {
    throw new UserError(`That is too long for “${option.name}”.`, { hint: `At most ${MAX_TEXT} characters.` });
  }
  return cleanText(typed, MAX_TEXT);
}

function checkInteger(option: OptionDefinition, text: string): string {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  const word = cleanText(text, 40);
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  if (!/^\d{1,15}$/.test(text)) throw new UserError(`“${word}” is not a number.`, { word, hint: `Expected ${range}.` });
  if (Number(text) < min || Number(text) > max) {
    throw new UserError(`${word} is out of range.`, { word, hint: `Expected ${range}.` });
  }
  return String(Number(text));
}

function checkBoolean(text: string): string {
  if (/^(?:on|yes|true|1)$/i.test(text)) return 'true';
  if (/^(?:off|no|false|0)$/i.test(text)) return 'false';
  const word = cleanText(text, 40);
  throw new UserError(`“${word}” is neither on nor off.`, { word, hint: 'Expected `on` or `off`.' });
}

function checkChoice(option: OptionDefinition, text: string): string {
  const choices = option.choices ?? [];
  const found = choices.find((choice) => choice === text.toLowerCase());
  if (found !== undefined) return found;
  const word = cleanText(text, 40);
  const meant = nearest(word, choices);
  throw new UserError(`“${word}” is not a ${option.name.replaceAll('-', ' ')}.`, {
    word,
    hint: `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}Expected one of ${choices.join(', ')}.`,
  });
}

function oneId(option: OptionDefinition, text: string): string {
  const [id, second] = parseIds(text, option.type);
  if (id === undefined || second !== undefined) {
    throw new UserError(`One ${option.type} at a time.`, { word: cleanText(text, 40) });
  }
  return id;
}

function checkAddress(text: string): string {
  const address = canonicalAddress(text);
  if (address !== undefined) return address;
  const word = cleanText(text, 60);
  throw new UserError(`“${word}” is not an address.`, {
    word,
    hint: 'Expected an IPv4 or IPv6 address, for example `10.0.0.5`.',
  });
}

function checkPorts(text: string): string {
  if (text.toLowerCase() === NONE) return NONE;
  parsePorts(text);
  return text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .join(',');
}
