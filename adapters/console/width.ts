import stringWidth from 'string-width';
import { onOneLine, withoutInvisible } from '../../src/core/invisible.ts';

/** Untrusted text made safe for a terminal: one line, no escape sequences, nothing invisible. Blanks are kept. */
export function printable(text: string): string {
  return withoutInvisible(onOneLine(text));
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How much is cut into graphemes at once: doing it to the whole text for each line of it would take its square. */
const PIECE = 256;

function* graphemes(text: string): Generator<{ segment: string; index: number }> {
  for (let [from, size] = [0, PIECE]; from < text.length; ) {
    const found = [...GRAPHEMES.segment(text.slice(from, from + size))];
    const last = found.at(-1);
    const isCut = from + size < text.length && last !== undefined;
    for (const { segment, index } of isCut ? found.slice(0, -1) : found) yield { segment, index: from + index };
    // The last one may go on behind the piece.
    if (isCut && last.index === 0) size *= 2;
    else from += isCut ? last.index : size;
  }
}

/** Reads no further than it has to. */
export function isWider(text: string, width: number): boolean {
  if (/^[\x20-\x7e]*$/.test(text.slice(0, Math.max(0, width) + 1))) return text.length > width;
  let used = 0;
  for (const { segment } of graphemes(text)) {
    used += stringWidth(segment);
    if (used > width) return true;
  }
  return used > width;
}

/** The longest prefix that fits, and the rest. Takes at least one character, so that wrapping ends. */
export function splitAtWidth(text: string, width: number): [head: string, rest: string] {
  let used = 0;
  for (const { segment, index } of graphemes(text)) {
    used += stringWidth(segment);
    if (used > width && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}
