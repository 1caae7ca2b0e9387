import stringWidth from 'string-width';
import { onOneLine, withoutInvisible } from '../../src/core/invisible.ts';

/** Text of strangers, fit for a terminal: one line, no escape sequences, nothing invisible. Blanks are kept. */
export function printable(text: string): string {
  return withoutInvisible(onOneLine(text));
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The longest beginning that fits, and the rest. At least one character is taken, so that wrapping ends. */
export function splitAtWidth(text: string, width: number): [head: string, rest: string] {
  let used = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    used += stringWidth(segment);
    if (used > width && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}
