import { isScalar, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import type { OptionDefinition } from '../../core/model/option.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { CommandOptions } from '../grammar/command-description.ts';
import { validateOption } from '../input/validate.ts';

export const FILE_VERSION = 1;
/** Some five thousand groups; they are read in about a second. */
const MAX_BYTES = 1_000_000;

type Fields = Readonly<Record<string, unknown>>;

/** What a file says, not yet checked. */
export type Written = { groups: readonly WrittenGroup[]; reports?: readonly Fields[] };
export type WrittenGroup = { name: string; fields: Fields };

const SHAPE = z.strictObject({
  version: z.literal(FILE_VERSION, { error: `version: expected ${FILE_VERSION}` }),
  groups: z.record(z.string(), z.record(z.string(), z.unknown())),
  // Under the key stands nothing once the last one is deleted.
  reports: z.array(z.record(z.string(), z.unknown())).nullish(),
});

/** Throws a UserError that names the wrong line. */
export function readConfiguration(text: string): Written {
  if (text.length > MAX_BYTES) throw wrongFile('it is larger than 1 MB');
  const lines = new LineCounter();
  // What the library itself does about keys and places takes the square of their number.
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, lineCounter: lines });
  const wrongAt = (offset: number, what: string) => {
    const { line, col } = lines.linePos(offset);
    return wrongFile(`${cleanText(what, 200)} at line ${line}, column ${col}`);
  };
  const [error] = document.errors;
  if (error !== undefined) throw wrongAt(error.pos[0], error.message);
  visit(document, { Map: (_, map) => checkKeys(map, wrongAt) });
  const shape = SHAPE.safeParse(aliased(() => document.toJS()));
  if (shape.success) {
    const { groups, reports } = shape.data;
    const written = Object.entries(groups).map(([name, fields]) => ({ name, fields }));
    return { groups: written, ...(reports === undefined ? {} : { reports: reports ?? [] }) };
  }
  throw wrongFile(wrongShape(shape.error.issues));
}

/** A misspelt key comes first: it is why another one is missing. */
function wrongShape(issues: readonly z.core.$ZodIssue[]): string {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') return unknownKey(cleanText(issue.keys[0] ?? '', 40));
  }
  const [issue] = issues;
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.replace(/^: /, '');
}

/** A key that is there twice, or called `__proto__`, would be dropped with what is below it, without an error. */
function checkKeys({ items, range }: YAMLMap, wrongAt: (offset: number, what: string) => UserError): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) throw wrongAt(range?.[0] ?? 0, 'Keys must be words');
    const [at, name] = [key.range?.[0] ?? 0, String(key.value ?? '')];
    if (name === '__proto__') throw wrongAt(at, 'Nothing can be called __proto__');
    if (seen.has(name)) throw wrongAt(at, 'Map keys must be unique');
    seen.add(name);
  }
}

function unknownKey(word: string): string {
  const meant = nearest(word, Object.keys(SHAPE.shape));
  return `there is no “${word}” at its top${meant === undefined ? '' : `; perhaps \`${meant}\` is meant`}`;
}

/** Aliases of aliases can expand to more than fits into memory; the library counts them. */
function aliased(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw wrongFile(error instanceof Error ? cleanText(error.message, 200) : 'it cannot be read');
  }
}

function wrongFile(reason: string): UserError {
  return new UserError(`The file can’t be used: ${reason}.`, {
    hint: 'Expected YAML as `netdelta export --config` writes it: `version: 1`, `groups:`, `reports:`. Nothing was changed.',
  });
}

/** Fields as options, by the same rules as those of the commands. `where`: prefixed to each problem. */
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
  // It only contains names of the definitions.
  return options as CommandOptions<Name>;
}

/** Adds the place in the file to errors of `action`. */
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
  // No lists of lists: one may contain itself.
  const items = value.map((item: unknown) => (Array.isArray(item) ? undefined : textOf(item)));
  return items.some((item) => item === undefined) ? undefined : items.join(', ');
}
