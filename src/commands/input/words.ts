import { UserError } from '../../core/errors.ts';
import { withoutInvisible } from '../../core/invisible.ts';
import { thousands } from '../../core/network/targets.ts';
import { namesPlatform } from '../../core/platforms.ts';
import { plainMentions } from './mentions.ts';

/** More than the longest list of targets that is accepted; anything longer is a pasting mistake. */
export const MAX_COMMAND_TEXT = 24_000;

/** One word of a command; quotes are removed. */
export type Word = {
  text: string;
  /** It began with a quote, so it is never `key:value`. */
  quoted: boolean;
  /** Key and value of `key:value`, where it has that form. */
  pair?: { key: string; value: string };
};

const OPENING = '"“”„‟';
const CLOSING = '"“”';

/** Splits a line into words: blanks outside quotes separate them; quotes may also follow `key:` or a comma. */
export function splitWords(line: string): Word[] {
  const text = plainMentions(checkText(line));
  const words: Word[] = [];
  let index = 0;
  while (index < text.length) {
    if (/\s/.test(text.charAt(index))) index++;
    else {
      const { word, next } = readWord(text, index);
      words.push(word);
      index = next;
    }
  }
  return words;
}

/** Refuses characters that no keyboard types; blanks of all kinds become one kind. */
function checkText(line: string): string {
  if (line.length > MAX_COMMAND_TEXT) {
    throw new UserError(`That is too long: ${thousands(line.length)} characters.`, {
      hint: `At most ${thousands(MAX_COMMAND_TEXT)} are accepted. Nothing was done.`,
    });
  }
  if (line.includes('\ufffd') || /\p{Cs}/u.test(line)) {
    throw new UserError('The text holds bytes that are not valid UTF-8.', { hint: 'Nothing was done; type it again.' });
  }
  const text = line.replace(/[\t\r\n\v\f\u0085\u2028\u2029]/g, ' ');
  const control = /\p{Cc}/u.exec(text);
  if (control === null) return withoutInvisible(text);
  const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new UserError(`Character ${control.index + 1} is a control character (U+${code}).`, {
    hint: 'Nothing was done; type it again without.',
  });
}

function readWord(text: string, start: number): { word: Word; next: number } {
  const quoted = OPENING.includes(text.charAt(start));
  let plain = '';
  let pairEnd: number | undefined;
  let index = start;
  while (index < text.length && !/\s/.test(text.charAt(index))) {
    const letter = text.charAt(index);
    if (OPENING.includes(letter) && mayOpen(text, start, index)) {
      const { value, next } = readQuoted(text, index);
      plain += value;
      index = next;
      continue;
    }
    if (letter === ':' && pairEnd === undefined && !quoted) pairEnd = plain.length;
    plain += letter;
    index++;
  }
  return { word: asWord(plain, quoted, pairEnd), next: index };
}

function mayOpen(text: string, start: number, index: number): boolean {
  return index === start || ':,'.includes(text.charAt(index - 1));
}

/** Reads `"…"`; `\"` and `\\` stand for themselves. */
function readQuoted(text: string, open: number): { value: string; next: number } {
  let value = '';
  for (let index = open + 1; index < text.length; index++) {
    const letter = text.charAt(index);
    const following = text.charAt(index + 1);
    if (letter === '\\' && (following === '"' || following === '\\')) {
      value += following;
      index++;
    } else if (CLOSING.includes(letter)) return { value, next: index + 1 };
    else value += letter;
  }
  const word = text.slice(open, open + 20);
  throw new UserError(`The quote before “${word.slice(1)}” is never closed.`, {
    word,
    hint: 'Close it with a second " at the end of the value.',
  });
}

function asWord(text: string, quoted: boolean, pairEnd: number | undefined): Word {
  if (pairEnd === undefined) return { text, quoted };
  const key = text.slice(0, pairEnd);
  if (!/^[a-zA-Z][a-zA-Z-]*$/.test(key) || isNoKey(text)) return { text, quoted };
  return { text, quoted, pair: { key: key.toLowerCase(), value: text.slice(pairEnd + 1) } };
}

/** `slack:U0123`, `http://…`, `fe80::1` and `dead:beef::/32` contain a colon, but no key. */
function isNoKey(text: string): boolean {
  return namesPlatform(text) || /^[a-z]+:\/\/|^[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.]*(?:[/%-].*)?$/i.test(text);
}
