import { MarkupError } from './tag.ts';

/** The declaration is at the beginning; output that a program wrote before it may be longer, and is ASCII. */
const HEAD = 4096;
const DECLARED = /<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/;

export type DocumentDecoder = {
  text(bytes: Uint8Array, last: boolean): string;
  /** Also false while it takes more bytes to decide. */
  isUtf8(): boolean;
};

/**
 * Decodes bytes as they arrive, by their byte order mark or the document's declaration. Throws MarkupError for an
 * unknown encoding.
 */
export function createTextDecoder(): DocumentDecoder {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let held = new Uint8Array(0);
  return {
    isUtf8: () => decoder?.encoding === 'utf-8',
    text(bytes, last) {
      if (decoder !== undefined) return decoder.decode(bytes, { stream: !last });
      held = joined(held, bytes);
      const encoding = encodingOf(held, last);
      if (encoding === undefined) return '';
      decoder = decoderOf(encoding);
      return decoder.decode(held, { stream: !last });
    },
  };
}

/**
 * Undefined while it takes more bytes to decide. UTF-16 is recognised by its first bytes: a Windows console writes it
 * for `>`.
 */
function encodingOf(start: Uint8Array, last: boolean): string | undefined {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first === LESS && second === 0) return 'utf-16le';
  if (first === 0 && second === LESS) return 'utf-16be';
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, HEAD)).toString('latin1');
  const declared = DECLARED.exec(head)?.[1];
  // A document that declares UTF-16 but is readable as bytes has been converted since.
  if (declared !== undefined) return /^(?:utf-?16|ucs-?2|iso-10646)/i.test(declared) ? 'utf-8' : declared;
  return last || start.length >= HEAD || /<(?:nmaprun|!DOCTYPE)\s/.test(head) ? 'utf-8' : undefined;
}

const LESS = 60;

function decoderOf(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new MarkupError(`its encoding “${encoding}” is not known`);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
