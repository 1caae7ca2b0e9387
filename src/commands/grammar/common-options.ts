import type { OptionDefinition } from '../../core/model/option.ts';

const optional = { positional: false, required: false } as const;
const needed = { positional: false, required: true } as const;

/** Options that several commands take, each worded once. */
export const DELTA_IDS = {
  ...{ name: 'ids', type: 'deltas', description: 'One id or more', hint: 'One id or more: `41 42 43`.' },
  ...{ positional: true, required: true, rest: true },
} as const satisfies OptionDefinition;

export const NOTE = {
  ...{ name: 'note', type: 'text', description: 'Why, in a few words', hint: 'Kept beside who and when.', ...optional },
} as const satisfies OptionDefinition;

export const REASON = {
  ...{ name: 'reason', type: 'text', description: 'Why, in a few words', ...optional },
} as const satisfies OptionDefinition;

export const HOW_LONG = {
  ...{ name: 'for', type: 'duration', description: 'How long: 30m, 2h, 3d', ...needed },
  hint: '`30m`, `2h`, `1d`; it ends by itself.',
} as const satisfies OptionDefinition;

export const ZONE = {
  ...{ name: 'tz', type: 'timezone', description: 'Time zone', hint: 'Of WHEN: `Europe/Berlin`.', ...optional },
} as const satisfies OptionDefinition;

/** Where there is none to keep. */
export const ZONE_OR_UTC = { ...ZONE, preset: 'UTC' } as const satisfies OptionDefinition;

export const OTHER_PROFILE = {
  ...{ name: 'profile', type: 'profile', description: 'Another profile', ...optional },
  hint: 'Instead of the group’s: `quick`, `standard`, `full` or `udp`.',
} as const satisfies OptionDefinition;

export const WHO_HAS_A_ROLE = {
  ...{ name: 'who', type: 'who', description: 'Who', positional: true, required: true },
  hint: 'A user, a Slack user group, a Discord role; or `slack:U0123`.',
} as const satisfies OptionDefinition;
