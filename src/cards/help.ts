import type { Card, Section, Text } from './card.ts';
import { code, rich, strong } from './words.ts';

export type HelpEntry = {
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
    choices?: readonly string[];
  }[];
};

/** All there is, with an example each. */
export function helpCard(entries: readonly HelpEntry[]): Card {
  const nouns = [...new Set(entries.map((entry) => entry.path[0] ?? ''))];
  return {
    title: 'NetDelta watches networks for change',
    tone: 'info',
    sections: [
      {
        type: 'text',
        text: rich(
          'Begin with ',
          code('group add home 192.168.1.0/24'),
          ', then ',
          code('scan now home'),
          '. Options are ',
          code('key:value'),
          ' in any order; quotes go around values with spaces.',
        ),
      },
      ...nouns.flatMap((noun) =>
        nounSections(
          noun,
          entries.filter((entry) => entry.path[0] === noun),
        ),
      ),
    ],
    controls: [],
    footer: [rich(code('help COMMAND'), ' tells the options of one command, for example ', code('help group add'))],
  };
}

function nounSections(noun: string, entries: readonly HelpEntry[]): Section[] {
  return [
    { type: 'text', text: [strong(noun)] },
    { type: 'list', items: entries.map((entry): Text => rich(code(entry.example), ` — ${entry.summary}`)) },
  ];
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
    { type: 'code', text: whole ? `${entry.usage}\n\n${entry.example}` : entry.usage },
    ...(whole && entry.options.length > 0 ? [{ type: 'list' as const, items: entry.options.map(optionLine) }] : []),
  ];
}

function optionLine(option: HelpEntry['options'][number]): Text {
  const name = option.positional ? option.name.toUpperCase() : `${option.name}:`;
  const choices = option.choices === undefined ? '' : ` One of ${option.choices.join(', ')}.`;
  const words = option.hint?.replaceAll('`', '') ?? `${option.description}.`;
  return rich(code(name), ` ${option.required ? '(needed) ' : ''}${words}${choices}`);
}
