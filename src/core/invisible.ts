/**
 * The one rule for what is not seen but does something: C0 and C1 controls, soft hyphen, zero-width and bidirectional
 * marks, line separators, tags, variation selectors, lone surrogates, blank letters.
 */
const INVISIBLE =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\u034f|[\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** What makes an emoji of the sign before it. */
const AS_EMOJI = /(?<=\p{Extended_Pictographic})\ufe0f/u;

/** Tabs and line breaks as one blank each. */
export function onOneLine(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]/g, ' ');
}

/** Line feeds and tabs go as well; see `onOneLine` for those. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** The same for what a chat shows: the emoji of cards stay emoji. */
export function forChat(text: string): string {
  return text.split(AS_EMOJI).map(withoutInvisible).join('\ufe0f');
}

/** As `\u001b` and the like: what JSON may hold, but a terminal would obey. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (found) =>
    Array.from({ length: found.length }, (_, index) => {
      return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
