import type { UserError } from '../core/errors.ts';
import type { PrincipalKey, Role } from '../core/model/principal.ts';
import type { Card, Inline, Section } from './card.ts';
import { code, rich, said } from './words.ts';

/** Where in the line to look for the wrong word, and the named option (`learn:`) whose value it is. */
export type Place = { from: number; option?: string };

/** What is wrong, at which word, and what to write instead. `input` is the line as it was typed. */
export function errorCard(error: UserError, input?: string, place: Place = { from: 0 }): Card {
  const { option } = place;
  const named =
    option === undefined || error.message.toLowerCase().includes(option.slice(0, -1)) ? '' : `\`${option}\` `;
  return {
    title: 'That did not work',
    tone: 'error',
    summary: error.message,
    sections: [
      { type: 'text', text: withCode(`${named}${error.message}`) },
      ...pointer(error.word, input, place.from),
      ...hintOf(error.hint),
    ],
    controls: [],
  };
}

function hintOf(hint: string | undefined): Section[] {
  if (hint === undefined) return [];
  const [words = '', ...lines] = hint.split('\n');
  return [{ type: 'text', text: withCode(words) }, ...lines.map((text): Section => ({ type: 'code', text }))];
}

/** The database does not work: what is wrong with it, and what to do. */
export function troubleCard(trouble: { message: string; hint: string }): Card {
  return {
    title: 'That is not possible just now',
    tone: 'error',
    summary: trouble.message,
    sections: [
      { type: 'text', text: withCode(trouble.message) },
      { type: 'text', text: withCode(trouble.hint) },
    ],
    controls: [],
  };
}

/** An unexpected failure: a reference for the log, never the exception. */
export function brokenCard(reference: string): Card {
  return {
    title: 'Something went wrong',
    tone: 'error',
    sections: [
      {
        type: 'text',
        text: rich(
          'This is NetDelta’s fault, not yours. Its log tells more under the reference ',
          code(reference),
          '.',
        ),
      },
    ],
    controls: [],
  };
}

/** "You may not", and who may. */
export function refusedCard(input: {
  what: string;
  needed: Role;
  held: Role | undefined;
  who: readonly PrincipalKey[];
}): Card {
  const shown = input.who.slice(0, 5);
  const people = shown.flatMap((key, index): Inline[] => [
    ...(index === 0 ? [] : [said(', ')]),
    { type: 'user', key, name: key },
  ]);
  const more = input.who.length > shown.length ? ` and ${input.who.length - shown.length} more` : '';
  return {
    title: 'You may not do that',
    tone: 'error',
    summary: `${input.what} needs the role ${input.needed}`,
    sections: [
      {
        type: 'text',
        text: rich(
          code(input.what),
          ` needs the role ${input.needed}; ${input.held === undefined ? 'you have none' : `yours is ${input.held}`}.`,
        ),
      },
      {
        type: 'text',
        text:
          input.held === undefined && people.length > 0
            ? rich('An admin of NetDelta gives you a role with ', code('role grant'), '.')
            : people.length === 0
              ? 'Nobody may yet: set NETDELTA_ADMINS to the first administrator (for example slack:U0123456) and restart.'
              : [
                  said('These may: '),
                  ...people,
                  said(`${more}. An admin gives you a role with `),
                  code('role grant'),
                  said('.'),
                ],
      },
    ],
    controls: [],
  };
}

/** Backticks in our own sentences mark text to be typed. */
export function withCode(text: string): Inline[] {
  return text.split('`').flatMap((part, index) => {
    if (part === '') return [];
    return [index % 2 === 1 ? code(part) : said(part)];
  });
}

const AROUND = 60;

/** The part of the line around the wrong word, with a mark under it. */
function pointer(word: string | undefined, input: string | undefined, from: number): Section[] {
  if (word === undefined || input === undefined) return [];
  const typed = input.toLowerCase();
  const found = typed.indexOf(word.toLowerCase().replace(/…$/, ''), from);
  if (found < 0 || !/^[\x20-\x7e]*$/.test(input)) return [];
  const start = Math.max(0, found - AROUND);
  const end = Math.min(input.length, found + word.length + AROUND / 2);
  const before = start > 0 ? '…' : '';
  const line = `${before}${input.slice(start, end)}${end < input.length ? '…' : ''}`;
  const marks = `${' '.repeat(before.length + found - start)}${'^'.repeat(Math.max(1, Math.min(word.length, end - found)))}`;
  return [{ type: 'code', text: `${line}\n${marks}` }];
}
