import { textWidth } from '../../src/cards/table-layout.ts';
import { isWider, printable, splitAtWidth } from './width.ts';

export type Style =
  | 'plain'
  | 'bold'
  | 'dim'
  | 'code'
  | 'good'
  | 'info'
  | 'low'
  | 'medium'
  | 'high'
  | 'critical'
  | 'error'
  | 'warning'
  | 'acknowledged'
  | 'expected'
  | 'false-alarm'
  | 'resolved';

/** A run of text in one style. Its text is printable. */
export type Span = { text: string; style: Style };

export type Line = readonly Span[];

export function span(text: string, style: Style = 'plain'): Span {
  return { text: printable(text), style };
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, part) => sum + textWidth(part.text), 0);
}

export function lineText(line: Line): string {
  return line.map((part) => part.text).join('');
}

/**
 * Breaks at blanks so that no line is wider than `width`; longer words are cut. Continuation lines begin with `indent`
 * blanks.
 */
export function wrap(line: Line, width: number, indent = 0): Line[] {
  const lines: Span[][] = [];
  let current: Span[] = [];
  let used = 0;
  const room = () => width - (lines.length === 0 ? 0 : indent);
  const flush = () => {
    lines.push(current);
    current = [];
    used = 0;
  };
  for (const word of wordsOf(line)) {
    if (used > 0 && used + trimmedWidth(word) > room()) flush();
    for (const part of word) {
      let text = used === 0 && lines.length > 0 ? part.text.trimStart() : part.text;
      while (isWider(text.trimEnd(), room() - used)) {
        if (used >= room()) flush();
        const [head, rest] = splitAtWidth(text, Math.max(1, room() - used));
        current.push({ text: head, style: part.style });
        flush();
        text = rest;
      }
      if (text === '') continue;
      current.push({ text, style: part.style });
      used += textWidth(text);
    }
  }
  if (current.length > 0 || lines.length === 0) flush();
  return lines.map((parts, index) => (index === 0 ? parts : [span(' '.repeat(indent)), ...parts]));
}

/** The width without trailing blanks, which may exceed the edge. */
function trimmedWidth(word: Line): number {
  return textWidth(lineText(word).trimEnd());
}

/**
 * Words with the blanks that follow them, so that lines break before the next word; a change of style does not end a
 * word.
 */
function wordsOf(line: Line): Line[] {
  const words: Span[][] = [];
  let isOpen = false;
  for (const { text: whole, style } of line) {
    for (const text of whole.match(/\s*\S+\s*|\s+/gu) ?? []) {
      const word = isOpen && !/^\s/u.test(text) ? words.at(-1) : undefined;
      if (word === undefined) words.push([{ text, style }]);
      else word.push({ text, style });
      isOpen = !/\s$/u.test(text);
    }
  }
  return words;
}
