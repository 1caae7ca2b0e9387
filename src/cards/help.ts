import type { Card, Section, Text } from './card.ts';
import { code, rich, strong } from './words.ts';

/** How options are given: as words after the command, or each in a field of its own. */
export type HelpStyle = 'text' | 'typed';

export type HelpEntry = {
  style: HelpStyle;
  path: readonly string[];
  usage: string;
  summary: string;
  role: string;
  example: string;
  options: readonly {
    name: string;
    positional: boolean;
    required: boolean;
    description: string;
    hint?: string;
    preset?: string;
    choices?: readonly string[];
  }[];
};

/** What to try first, in a sensible order. */
const FIRST: readonly (readonly [command: string, rest: string, does: string])[] = [
  ['group add', 'home 192.168.1.0/24', 'say what to watch'],
  ['scan now', 'home', 'look once, and learn what is there'],
  ['schedule add', 'home daily 02:00', 'look again by itself'],
  ['delta list', '', 'what has changed and waits for you'],
  ['service find', 'port:3389', 'who offers a service'],
];

function commandWords([command, rest]: (typeof FIRST)[number], style: HelpStyle): string {
  return style === 'typed' ? `/netdelta ${command}` : `${command} ${rest}`.trim();
}

/** One message on every platform: five things to try, then all commands, a line each, with a menu for more. */
export function helpCard(entries: readonly HelpEntry[], style: HelpStyle): Card {
  const nouns = [...new Set(entries.map((entry) => entry.path[0] ?? ''))];
  return {
    title: 'NetDelta watches networks for change',
    tone: 'info',
    sections: [
      { type: 'text', text: rich(strong('Try first')) },
      { type: 'list', items: FIRST.map((first): Text => rich(code(commandWords(first, style)), ` — ${first[2]}`)) },
      { type: 'text', text: rich(strong('All commands')) },
      { type: 'list', items: nouns.map((noun) => nounLine(noun, entries)) },
    ],
    controls: [{ type: 'menu', label: 'Explain…', options: nouns.slice(0, MAX_MENU).map(explain) }],
    footer: [
      style === 'typed'
        ? 'Fill in the options that Discord offers; /netdelta help with a command explains them.'
        : rich(code('help group add'), ' explains one command with its options'),
    ],
  };
}

/** Discord's menu is the smaller one of the two platforms'. */
const MAX_MENU = 25;

function explain(noun: string) {
  return { label: noun, action: { type: 'run' as const, command: `help ${noun}` } };
}

/** `group: add, edit, pause, resume, show, list, remove`; a one-word command has its description. */
function nounLine(noun: string, entries: readonly HelpEntry[]): Text {
  const own = entries.filter((entry) => entry.path[0] === noun);
  const verbs = own.flatMap(({ path }) => path[1] ?? []);
  return rich(strong(noun), `: ${verbs.length === 0 ? (own[0]?.summary ?? '') : verbs.join(', ')}`);
}

/** Some commands with their options. */
export function commandHelpCard(entries: readonly HelpEntry[]): Card {
  const [first] = entries;
  return {
    title: entries.length === 1 ? (first?.path.join(' ') ?? '') : (first?.path[0] ?? ''),
    tone: 'info',
    sections: entries.flatMap((entry, index): Section[] => [
      ...(index === 0 ? [] : [{ type: 'divider' as const }]),
      ...commandSections(entry, entries.length === 1),
    ]),
    controls: [],
  };
}

function commandSections(entry: HelpEntry, whole: boolean): Section[] {
  const needs = entry.role === 'anyone' ? 'anyone may' : `role ${entry.role}`;
  return [
    { type: 'text', text: rich(`${entry.summary} (${needs})`) },
    { type: 'text', text: rich(code(entry.usage)) },
    ...(whole && entry.style === 'text'
      ? [{ type: 'text' as const, text: rich('For example ', code(entry.example)) }]
      : []),
    ...(whole && entry.options.length > 0
      ? [{ type: 'list' as const, items: entry.options.map((option) => optionLine(option, entry.style)) }]
      : []),
  ];
}

/** As a user would type it. */
const SWITCHED: Readonly<Record<string, string>> = { true: 'on', false: 'off' };

function optionLine(option: HelpEntry['options'][number], style: HelpStyle): Text {
  const typed = option.positional ? option.name.toUpperCase() : `${option.name}:`;
  const name = style === 'typed' ? option.name : typed;
  const choices = option.choices === undefined ? '' : ` One of ${option.choices.join(', ')}.`;
  const hint = style === 'typed' ? option.hint?.replace(/`([a-z-]+):`/g, '$1') : option.hint;
  const words = hint?.replaceAll('`', '') ?? `${option.description}.`;
  const preset = option.preset === undefined ? '' : ` Default: ${SWITCHED[option.preset] ?? option.preset}.`;
  return rich(code(name), ` ${words}${option.required ? ' Required.' : ''}${choices}${preset}`);
}
