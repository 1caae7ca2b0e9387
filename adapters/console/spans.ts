import { textWidth } from '../../src/cards/table-layout.ts';
import { printable, splitAtWidth } from './width.ts';

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

/** Breaks at blanks so that no line is wider than `width`; longer words are cut. Further lines begin with `indent` blanks. */
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
    let { text } = word;
    if (used === 0 && lines.length > 0) text = text.trimStart();
    if (used > 0 && used + textWidth(text.trimEnd()) > room()) {
      flush();
      text = text.trimStart();
    }
    while (textWidth(text.trimEnd()) > room() - used) {
      const [head, rest] = splitAtWidth(text, Math.max(1, room() - used));
      current.push({ text: head, style: word.style });
      flush();
      text = rest;
    }
    if (text === '') continue;
    current.push({ text, style: word.style });
    used += textWidth(text);
  }
  if (current.length > 0 || lines.length === 0) flush();
  return lines.map((parts, index) => (index === 0 ? parts : [span(' '.repeat(indent)), ...parts]));
}

/** Words with the blanks that follow them, so that lines break before the next word. */
function* wordsOf(line: Line): Generator<Span, void, undefined> {
  for (const part of line) {
    for (const text of part.text.match(/\s*\S+\s*|\s+/gu) ?? []) yield { text, style: part.style };
  }
}
