import { parseDocument } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { validateOption } from '../input/validate.ts';

export const FILE_VERSION = 1;
const MAX_BYTES = 2_000_000;

/** What a file says of one group, not yet checked. */
export type WrittenGroup = { name: string; fields: Readonly<Record<string, unknown>> };

const SHAPE = z.object({
  version: z.literal(FILE_VERSION, { error: `version: expected ${FILE_VERSION}` }),
  groups: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** Throws UserError that says in which line it is wrong. */
export function readConfiguration(text: string): WrittenGroup[] {
  if (text.length > MAX_BYTES) throw wrongFile('it is larger than 2 MB');
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw wrongFile(cleanText(error.message.split('\n')[0] ?? '', 200));
  const shape = SHAPE.safeParse(aliased(() => document.toJS()));
  if (shape.success) return Object.entries(shape.data.groups).map(([name, fields]) => ({ name, fields }));
  const [issue] = shape.error.issues;
  throw wrongFile(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.replace(/^: /, ''));
}

/** Aliases of aliases can stand for more than fits into memory; the library counts them. */
function aliased(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw wrongFile(error instanceof Error ? cleanText(error.message, 200) : 'it cannot be read');
  }
}

function wrongFile(reason: string): UserError {
  return new UserError(`The file can’t be used: ${reason}.`, {
    hint: 'Expected YAML as `netdelta export --config` writes it: `version: 1`, then `groups:`. Nothing was changed.',
  });
}

/** Fields as options, by the same rules as those of the commands. `where`: said with each problem. */
export function optionsOf<const Name extends string>(
  definitions: readonly OptionDefinition<Name>[],
  fields: Readonly<Record<string, unknown>>,
  where: string,
): CommandOptions<Name> {
  const options: Record<string, string | readonly string[]> = {};
  for (const [key, value] of Object.entries(fields)) {
    const option = definitions.find(({ name }) => name === key);
    if (option === undefined) throw unknownField(key, definitions, where);
    const typed = textOf(value);
    if (typed === undefined) throw new UserError(`${where}, ${key}: this is no value.`, { hint: option.description });
    options[key] = at(`${where}, ${key}`, () => validateOption(option, typed, 'console'));
  }
  for (const { name, required } of definitions) {
    if (required && options[name] === undefined) throw new UserError(`${where}: ${name} is missing.`);
  }
  // Only names of the definitions are in it.
  return options as CommandOptions<Name>;
}

/** What is refused inside says where in the file. */
export function at<T>(where: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw located(where, error);
  }
}

export async function atLater<T>(where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw located(where, error);
  }
}

function located(where: string, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(`${where}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
}

function unknownField(key: string, definitions: readonly OptionDefinition[], where: string): UserError {
  const names = definitions.map(({ name }) => name);
  const word = cleanText(key, 40);
  const meant = nearest(word, names);
  const hint = `${meant === undefined ? '' : `Did you mean \`${meant}\`? `}There are ${names.join(', ')}.`;
  return new UserError(`${where}: there is no “${word}”.`, { hint });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value)) return undefined;
  const items = value.map(textOf);
  return items.some((item) => item === undefined) ? undefined : items.join(', ');
}
