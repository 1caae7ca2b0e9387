/**
 * The one rule for characters that are invisible but have an effect: C0 and C1 controls, soft hyphen, zero-width and
 * bidirectional marks, line separators, tags, variation selectors, lone surrogates, blank letters.
 */
const INVISIBLE =
  /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\u034f|[\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** The selector that turns the character before it into an emoji. */
const AS_EMOJI = /(?<=\p{Extended_Pictographic})\ufe0f/u;

/** Replaces each tab or line break with one blank. */
export function onOneLine(text: string): string {
  return text.replace(/[\t\r\n\u2028\u2029]/g, ' ');
}

/** Removes line feeds and tabs as well; see `onOneLine` for those. */
export function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '');
}

/** The same for text that a chat shows: the emoji of cards stay emoji. */
export function forChat(text: string): string {
  return text.split(AS_EMOJI).map(withoutInvisible).join('\ufe0f');
}

/** Written as `\u001b` and the like: characters that are legal in JSON but that a terminal would obey. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (found) =>
    Array.from({ length: found.length }, (_, index) => {
      return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
