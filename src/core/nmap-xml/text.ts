const REFERENCE = /&(?:#(\d{1,8})|#[xX]([\da-fA-F]{1,8})|(lt|gt|amp|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const REPLACEMENT = '\uFFFD';

/** Resolves XML's five entities and numeric references, once; anything else is left unchanged. */
export function decodeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? REPLACEMENT;
    return character(decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal));
  });
}

/** Control characters and lone surrogates are not XML characters. */
function character(code: number): string {
  const control = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  if (control || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
  return String.fromCodePoint(code);
}
