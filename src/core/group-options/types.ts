import { UserError } from '../errors.ts';
import { GROUP_DEFAULTS, type GroupSpec, type Notify, type Remind } from '../model/group.ts';
import { DEFAULT_POLICY } from '../model/policy.ts';
import { parseTags } from '../model/record.ts';
import { RISKS, type Risk } from '../model/scales.ts';
import { cleanText } from '../text.ts';
import { parseDuration } from '../time/duration.ts';
import { DAY_MS } from '../time/units.ts';
import { defineOption, type Typed } from './define.ts';

type Words = Parameters<typeof defineOption>[3];

const textOf = (typed: Typed): string => (typeof typed === 'string' ? typed : typed.join(' '));

/** Clears a value. */
export const NONE = 'none';

const clearable = {
  parse: (typed: Typed) => (textOf(typed).toLowerCase() === NONE ? undefined : textOf(typed)),
  format: (value: string) => value,
};
const whole = { parse: (typed: Typed) => Number(textOf(typed)), format: String };

export const integer = <const N extends string>(name: N, words: Words) => defineOption(name, 'integer', whole, words);

/** 0 is no limit. */
export const limit = <const N extends string>(name: N, words: Words) =>
  defineOption<N, number>(name, 'integer', { ...whole, parse: (typed) => Number(textOf(typed)) || undefined }, words);

export const flag = <const N extends string>(name: N, words: Words) =>
  defineOption<N, boolean>(name, 'boolean', { parse: (typed) => textOf(typed) === 'true', format: String }, words);

/** A text that `none` clears. */
export const text = <const N extends string>(
  name: N,
  words: Words,
  type: 'text' | 'ports' | 'channel' | 'site' = 'text',
) => defineOption<N, string>(name, type, clearable, words);

/** A name that a group always has. */
export const word = <const N extends string>(name: N, type: 'site' | 'profile', words: Words) =>
  defineOption<N, string>(name, type, { parse: textOf, format: (value) => value }, words);

/** Discord's spelling of a mention where it doesn’t recognise one. */
const MENTION = /^<@[!&]?(\d{5,25})>$/;

export const owner = <const N extends string>(name: N, words: Words) =>
  defineOption<N, string>(
    name,
    'text',
    { ...clearable, parse: (typed) => clearable.parse(textOf(typed).replace(MENTION, 'discord:$1')) },
    words,
  );

export const tags = <const N extends string>(name: N, words: Words) =>
  defineOption<N, readonly string[]>(
    name,
    'text',
    { parse: (typed) => tagList(textOf(typed)), format: (list) => (list.length === 0 ? undefined : list.join(', ')) },
    words,
  );

function tagList(typed: string): readonly string[] | undefined {
  if (typed.toLowerCase() === NONE) return undefined;
  const list = parseTags(typed);
  if (list !== undefined) return list;
  throw new UserError(`“${cleanText(typed, 60)}” is no list of tags.`, {
    word: typed,
    hint: 'Letters, digits, `-`, `_` and `.`, with commas between: `dmz,prod`.',
  });
}

export const choice = <const N extends string, const V extends string>(
  name: N,
  choices: readonly V[],
  words: Omit<Words, 'choices'>,
) =>
  defineOption<N, V>(
    name,
    'choice',
    { parse: (typed) => choices.find((one) => one === textOf(typed)), format: (value) => value },
    { ...words, choices },
  );

export const targets = <const N extends string>(name: N, words: Words) =>
  defineOption<N, readonly string[]>(
    name,
    'targets',
    {
      parse: (typed) => (typeof typed === 'string' ? [typed] : typed),
      format: (list) => (list.length === 0 ? undefined : list.join(', ')),
    },
    words,
  );

export const duration = <const N extends string>(name: N, words: Words) =>
  defineOption<N, number>(name, 'duration', { ...whole, format: shortDuration }, words);

/** A duration that `off` clears. */
export const period = <const N extends string>(name: N, words: Words) =>
  defineOption<N, number>(
    name,
    'duration',
    { parse: (typed) => Number(textOf(typed)) || undefined, format: shortDuration },
    words,
  );

/** `90m`, `24h`, `7d`; `off` for none. */
export function shortDuration(ms: number): string {
  if (ms === 0) return 'off';
  if (ms % DAY_MS === 0 && ms > DAY_MS) return `${ms / DAY_MS}d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${Math.round(ms / 1000)}s`;
}

/** `on`, `off`, or how many. */
export const attempts = <const N extends string>(name: N, words: Words) =>
  defineOption<N, number>(name, 'attempts', whole, words);

export const MAX_ATTEMPTS = 10;

/** As a number; undefined for any other text. */
export function parseAttempts(typed: string): number | undefined {
  if (/^(?:on|yes|true)$/i.test(typed)) return DEFAULT_POLICY.confirmAttempts;
  if (/^(?:off|no|false|none)$/i.test(typed)) return 0;
  return /^\d{1,3}$/.test(typed) && Number(typed) <= MAX_ATTEMPTS ? Number(typed) : undefined;
}

/** Who is pinged, and from which risk: `slack:U0A/high`. */
export const notify = <const N extends string>(name: N, words: Words) =>
  defineOption<N, NonNullable<GroupSpec['notify']>>(
    name,
    'notify',
    {
      parse: (typed) => parseNotify(textOf(typed)),
      format: ({ who, from, tag }) => [who, from, ...(tag === undefined ? [] : [tag])].join('/'),
    },
    words,
  );

function parseNotify(typed: string): Notify | undefined {
  const [who = '', risk, tag] = typed.split('/');
  const from: Risk | undefined = RISKS.find((one) => one === risk);
  return from === undefined ? undefined : { who, from, ...(tag === undefined ? {} : { tag }) };
}

/** How long until somebody is reminded, and from which risk: `24h/high`, `off`. */
export const remind = <const N extends string>(name: N, words: Words) =>
  defineOption<N, Remind>(
    name,
    'remind',
    {
      parse: (typed) => parseRemind(textOf(typed)),
      format: ({ afterMs, from }) => (afterMs === 0 ? 'off' : `${shortDuration(afterMs)}/${from}`),
    },
    words,
  );

/** Without a risk, the default one applies. Throws UserError for an invalid duration; undefined for an unknown risk. */
export function parseRemind(typed: string): Remind | undefined {
  const [duration = '', risk = GROUP_DEFAULTS.remind.from] = typed.split('/').map((part) => part.trim().toLowerCase());
  const from = RISKS.find((one) => one === risk);
  if (from === undefined) return undefined;
  return { afterMs: /^(?:off|none|0)$/.test(duration) ? 0 : parseDuration(duration), from };
}
