const REFERENCE = /&(?:#(\d{1,8})|#[xX]([\da-fA-F]{1,8})|(lt|gt|amp|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const REPLACEMENT = '\uFFFD';

/** Resolves XML's five entities and numeric references, once; anything else stays as it is written. */
export function decodeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? REPLACEMENT;
    return character(decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal));
  });
}

/** Control characters and halves of pairs are no characters of XML. */
function character(code: number): string {
  const control = code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  if (control || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return REPLACEMENT;
  return String.fromCodePoint(code);
}

/** Decodes bytes as they come; UTF-16 where a byte order mark says so (a console's `>` on Windows writes that). */
export function createTextDecoder(): (bytes: Uint8Array, last: boolean) => string {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let held = new Uint8Array(0);
  return (bytes, last) => {
    if (decoder !== undefined) return decoder.decode(bytes, { stream: !last });
    held = joined(held, bytes);
    if (held.length < 2 && !last) return '';
    decoder = new TextDecoder(encodingOf(held));
    return decoder.decode(held, { stream: !last });
  };
}

function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
