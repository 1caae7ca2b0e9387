import { UserError } from '../../core/errors.ts';
import { lookUp } from '../../core/look-up.ts';
import { cleanText, nearest } from '../../core/text.ts';
import type { Word } from '../input/words.ts';
import type { CommandDescription } from './command-description.ts';

export function pathText(definition: CommandDescription): string {
  return definition.path.join(' ');
}

/** The command that the first words name, and the words after it. Throws UserError: "did you mean". */
export function findCommand<Definition extends CommandDescription>(
  words: readonly Word[],
  definitions: readonly Definition[],
): { definition: Definition; words: readonly Word[] } {
  const [noun, verb] = words.map((word) => word.text.toLowerCase());
  if (noun === undefined) return findCommand([{ text: 'help', quoted: false }], definitions);
  const ofNoun = definitions.filter((definition) => definition.path[0] === noun);
  const single = ofNoun.find((definition) => definition.path.length === 1);
  if (single !== undefined) return { definition: single, words: words.slice(1) };
  const found = verb === undefined ? undefined : ofNoun.find((definition) => definition.path[1] === verb);
  if (found !== undefined) return { definition: found, words: words.slice(2) };
  throw ofNoun.length > 0 ? wrongVerb(noun, words[1]?.text, ofNoun) : wrongNoun(words, definitions);
}

/** The command that a typed client or a form names. */
export function commandAt<Definition extends CommandDescription>(
  path: readonly string[],
  definitions: readonly Definition[],
): Definition {
  const { definition, words } = findCommand(
    path.map((text) => ({ text, quoted: false })),
    definitions,
  );
  if (words.length === 0 && path.length > 0) return definition;
  throw new UserError(`There is no command “${cleanText(path.join(' '), 60)}”.`, { hint: 'See `help`.' });
}

/** Verbs from other tools that people type. */
const SAME_VERB: Readonly<Record<string, string>> = {
  create: 'add',
  new: 'add',
  define: 'add',
  delete: 'remove',
  rm: 'remove',
  del: 'remove',
  ls: 'list',
  all: 'list',
  get: 'show',
  info: 'show',
  change: 'edit',
  set: 'edit',
  update: 'edit',
  start: 'now',
  run: 'now',
  stop: 'cancel',
  abort: 'cancel',
  acknowledge: 'ack',
  search: 'find',
};

function wrongVerb(noun: string, typed: string | undefined, ofNoun: readonly CommandDescription[]): UserError {
  const verbs = ofNoun.flatMap((definition) => definition.path[1] ?? []);
  const all = `\`${noun}\` is followed by one of ${verbs.join(', ')}.`;
  if (typed === undefined) return new UserError(`“${noun}” is only half a command.`, { word: noun, hint: all });
  const word = cleanText(typed, 40);
  const meant = nearVerb(word, verbs);
  return new UserError(`There is no command “${noun} ${word}”.`, {
    word,
    hint: meant === undefined ? all : `Did you mean \`${noun} ${meant}\`? ${all}`,
  });
}

function nearVerb(typed: string, verbs: readonly string[]): string | undefined {
  const same = lookUp(SAME_VERB, typed.toLowerCase());
  return same !== undefined && verbs.includes(same) ? same : nearest(typed, verbs);
}

function wrongNoun(words: readonly Word[], definitions: readonly CommandDescription[]): UserError {
  const first = cleanText(words[0]?.text ?? '', 40);
  const meant = nearCommand(first, cleanText(words[1]?.text ?? '', 40), definitions);
  const nouns = [...new Set(definitions.map((definition) => definition.path[0]))];
  return new UserError(`There is no command “${first}”.`, {
    word: first,
    hint: `${meant === undefined ? `Commands begin with one of ${nouns.join(', ')}.` : `Did you mean \`${meant}\`?`} \`help\` shows all.`,
  });
}

/** A typo in the noun, noun and verb swapped, or a verb alone. */
function nearCommand(first: string, second: string, definitions: readonly CommandDescription[]): string | undefined {
  const swapped = definitions.find(
    ({ path }) => path[1] !== undefined && path[0] === second.toLowerCase() && nearVerb(first, [path[1]]) === path[1],
  );
  if (swapped !== undefined) return pathText(swapped);
  const noun = nearest(first, new Set(definitions.map((definition) => definition.path[0])));
  if (noun !== undefined) {
    const verbs = definitions.flatMap(({ path }) => (path[0] === noun && path[1] !== undefined ? [path[1]] : []));
    const verb = nearVerb(second, verbs) ?? verbs[0];
    return verb === undefined ? noun : `${noun} ${verb}`;
  }
  const byVerb = definitions.find(({ path }) => path[1] !== undefined && nearVerb(first, [path[1]]) === path[1]);
  return byVerb === undefined ? undefined : pathText(byVerb);
}
