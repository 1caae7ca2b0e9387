import type { Dispatcher } from '../../src/commands/dispatcher.ts';
import type { CommandDescription } from '../../src/commands/grammar/command-description.ts';
import type { OptionDefinition } from '../../src/core/model/option.ts';
import type { Principal } from '../../src/core/model/principal.ts';
import { printable } from './width.ts';

/** The candidates for the end of the line, and the part of the line that they replace. */
export type Completer = (line: string) => Promise<[found: string[], typed: string]>;

/** Completes nouns and verbs from the table, then option names and, from the dispatcher, their values. */
export function createCompleter(
  commands: readonly CommandDescription[],
  dispatcher: Dispatcher,
  principal: Principal,
): Completer {
  return async (line) => {
    const text = line.replace(/^\s*\/netdelta(?=\s)/i, '').trimStart();
    const words = text.split(/\s+/);
    const typed = words.pop() ?? '';
    const command = commands.find(({ path }) => path.every((word, index) => words[index]?.toLowerCase() === word));
    if (command === undefined) return [nextWords(commands, words, typed), typed];
    return [await optionWords(command, words.slice(command.path.length), typed, dispatcher, principal), typed];
  };
}

function nextWords(commands: readonly CommandDescription[], before: readonly string[], typed: string): string[] {
  const fitting = commands.filter(({ path }) => before.every((word, index) => path[index] === word.toLowerCase()));
  const next = new Set(fitting.flatMap(({ path }) => path[before.length] ?? []));
  return [...next].filter((word) => word.startsWith(typed.toLowerCase())).map((word) => `${word} `);
}

async function optionWords(
  command: CommandDescription,
  words: readonly string[],
  typed: string,
  dispatcher: Dispatcher,
  principal: Principal,
): Promise<string[]> {
  const key = /^([a-z-]+):(.*)$/i.exec(typed);
  const named = command.options.find((option) => option.name === key?.[1]?.toLowerCase());
  const values = async (option: OptionDefinition, part: string) => {
    const found = await dispatcher.complete({
      principal,
      path: command.path,
      option: option.name,
      typed: part,
      options: {},
    });
    return found.map(({ value }) => quoted(printable(value)));
  };
  if (named !== undefined) {
    return (await values(named, key?.[2] ?? '')).map((value) => `${named.name}:${value} `);
  }
  const position = words.filter((word) => !/^[a-z-]+:/i.test(word)).length;
  const positional = command.options.filter((option) => option.positional);
  const current = positional[position] ?? positional.find((option) => option.rest === true);
  const found = current === undefined ? [] : (await values(current, typed)).map((value) => `${value} `);
  const keys = command.options
    .filter((option) => !option.positional && !words.some((word) => word.startsWith(`${option.name}:`)))
    .map((option) => `${option.name}:`);
  return [...found.filter((value) => value.startsWith(typed)), ...keys.filter((name) => name.startsWith(typed))];
}

function quoted(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}
