import { UserError } from '../../core/errors.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import type { PlatformName } from '../../core/model/principal.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { CommandDescription, CommandOptions } from '../grammar/command-description.ts';
import { findCommand, pathText } from '../grammar/find-command.ts';
import { usage } from '../grammar/usage.ts';
import { inOption, OptionError } from './options.ts';
import { validateOption } from './validate.ts';
import { splitWords, type Word } from './words.ts';

/** Finds the command of a line; an empty line is `help`. Throws UserError with the nearest right command. */
export function parseCommand<Definition extends CommandDescription>(
  text: string,
  definitions: readonly Definition[],
): { definition: Definition; words: readonly Word[] } {
  const words = splitWords(text);
  if (words[0]?.text.toLowerCase() === '/netdelta') words.shift();
  return findCommand(words, definitions);
}

/** Sorts words into options: `key:value` in any order, the rest by position. */
export function assignWords(definition: CommandDescription, words: readonly Word[]): Map<OptionDefinition, string> {
  const typed = new Map<OptionDefinition, string>();
  const positional = definition.options.filter((option) => option.positional);
  for (const word of words) {
    const keyed = word.pair === undefined ? undefined : keyedOption(definition, word.pair);
    if (keyed !== undefined) {
      if (typed.has(keyed)) throw twice(keyed);
      if (word.pair?.value.trim() === '') throw nothingAfter(keyed);
      typed.set(keyed, word.pair?.value ?? '');
      continue;
    }
    const option = positional.find((candidate) => candidate.rest === true || !typed.has(candidate));
    if (option === undefined) throw surplus(definition, word, typed);
    const before = typed.get(option);
    typed.set(option, before === undefined ? word.text : `${before} ${word.text}`);
  }
  return typed;
}

/** Assigns options that a typed client or a form has already split; empty values count as not given. */
export function assignOptions(
  definition: CommandDescription,
  given: Readonly<Record<string, string>>,
): Map<OptionDefinition, string> {
  const typed = new Map<OptionDefinition, string>();
  for (const [name, value] of Object.entries(given)) {
    const option = definition.options.find((candidate) => candidate.name === name);
    if (option === undefined) throw unknownOption(definition, name);
    if (value.trim() !== '') typed.set(option, value);
  }
  return typed;
}

/** Checks every value and that none is missing; returns the errors by option name. */
export function validateOptions(
  definition: CommandDescription,
  typed: ReadonlyMap<OptionDefinition, string>,
  platform: PlatformName,
): { options: CommandOptions<string>; errors: readonly OptionError[] } {
  const options: Record<string, string | readonly string[]> = {};
  const errors: OptionError[] = [];
  for (const option of definition.options) {
    const text = typed.get(option);
    try {
      if (text !== undefined)
        options[option.name] = inOption(option.name, () => validateOption(option, text, platform));
      else if (option.required) throw missing(definition, option);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      errors.push(error);
    }
  }
  return { options, errors };
}

function nothingAfter(option: OptionDefinition): UserError {
  return new UserError(`“${option.name}:” has no value.`, {
    word: `${option.name}:`,
    hint: `Write the value right behind the colon, in quotes when it holds spaces: \`${option.name}:"…"\`.`,
  });
}

function keyedOption(definition: CommandDescription, pair: { key: string; value: string }): OptionDefinition {
  const found = definition.options.find((option) => option.name === pair.key);
  if (found === undefined) throw unknownOption(definition, pair.key);
  return found;
}

function unknownOption(definition: CommandDescription, key: string): UserError {
  const word = cleanText(key, 40);
  const names = definition.options.map((option) => option.name);
  const meant = nearest(word, names);
  const known = names.length === 0 ? 'It takes none.' : `It takes ${names.join(', ')}.`;
  return new UserError(`\`${pathText(definition)}\` has no option “${word}”.`, {
    word: `${word}:`,
    hint: meant === undefined ? known : `Did you mean \`${meant}:\`? ${known}`,
  });
}

function twice(option: OptionDefinition): UserError {
  return new UserError(`“${option.name}” was given twice.`, { word: `${option.name}:`, hint: 'Once is enough.' });
}

function surplus(definition: CommandDescription, word: Word, typed: ReadonlyMap<OptionDefinition, string>): UserError {
  const shown = cleanText(word.text, 40);
  const last = [...typed.keys()].at(-1);
  const quotes =
    last !== undefined && !last.positional && last.type === 'text'
      ? `Values with spaces need quotes: \`${last.name}:"${cleanText(typed.get(last) ?? '', 40)} ${shown}"\`. `
      : '';
  return new UserError(`“${shown}” is one word too many.`, {
    word: shown,
    hint: `${quotes}Usage: \`${usage(definition)}\``,
  });
}

function missing(definition: CommandDescription, option: OptionDefinition): OptionError {
  const name = option.positional ? option.name.toUpperCase() : `${option.name}:`;
  const isSameWord = option.description.toLowerCase() === option.name;
  return new OptionError(
    option.name,
    new UserError(`${name} is missing${isSameWord ? '' : ` (${option.description})`}.`, {
      hint: `Usage: \`${usage(definition)}\`, for example \`${definition.example}\`.`,
    }),
  );
}
