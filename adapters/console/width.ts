/** C0 and C1 controls, direction marks and everything else that is not seen but does something to a terminal. */
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** Text of strangers, fit for a terminal: one line, no escape sequences, nothing invisible. Blanks are kept. */
export function printable(text: string): string {
  return text.replace(/[\t\r\n\v\f\u0085\u2028\u2029]/g, ' ').replace(UNSEEN, '');
}

const COMBINING = /^\p{M}$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

/** Two columns wide: East Asian Wide and Fullwidth, https://www.unicode.org/reports/tr11/. */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
];

function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (COMBINING.test(char)) return 0;
  return EMOJI.test(char) || WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that printable text takes on a terminal. */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** The longest beginning that fits, and the rest. At least one character is taken, so that wrapping ends. */
export function splitAtWidth(text: string, width: number): [head: string, rest: string] {
  let used = 0;
  let index = 0;
  for (const char of text) {
    const next = used + charWidth(char);
    if (next > width && index > 0) break;
    used = next;
    index += char.length;
  }
  return [text.slice(0, index), text.slice(index)];
}
