import { UserError } from '../../core/errors.ts';
import { cleanText } from '../../core/text.ts';

const MAX_IDS = 500;

/** `41`, `#41`, `41,42 43`, `41-45` → the ids, each once, in order. */
export function parseIds(text: string, noun: string): string[] {
  const ids = new Set<number>();
  for (const word of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const match = /^#?(\d{1,15})(?:-#?(\d{1,15}))?$/.exec(word);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || first < 1) throw notAnId(word, noun);
    if (last < first || last - first >= MAX_IDS) throw tooMany(word, noun);
    for (let id = first; id <= last; id++) ids.add(id);
    if (ids.size > MAX_IDS) throw tooMany(word, noun);
  }
  if (ids.size === 0) throw new UserError(`The number of the ${noun} is missing.`);
  return [...ids].map(String);
}

function notAnId(typed: string, noun: string): UserError {
  const word = cleanText(typed, 40);
  return new UserError(`“${word}” is not the number of a ${noun}.`, {
    word,
    hint: `\`${noun === 'expectation' ? 'expect' : noun} list\` shows them; values with spaces need quotes: \`note:"like this"\`.`,
  });
}

function tooMany(typed: string, noun: string): UserError {
  return new UserError(`At most ${MAX_IDS} at a time.`, {
    word: cleanText(typed, 40),
    hint: `Expected numbers of ${noun}s, for example \`41 42 50-55\`.`,
  });
}
