import { createTagReader, MarkupError, type StartTag } from './tag.ts';

export type MarkupSink = {
  /** `stop` leaves this tag, and what follows it, for the next push. */
  onStart(tag: StartTag): 'go on' | 'stop';
  onEnd(name: string, text: string): void;
  /** A piece of text within the document, verbatim; CDATA sections include their marks. */
  onText(text: string): void;
  /** True while no element is open: text there belongs to no document. */
  isOutside(): boolean;
  /** Text before, between or after documents, which is skipped. */
  onForeignText(): void;
  /** An XML declaration within the document: its end is missing, and another one begins. */
  onRestart(): void;
};

const MAX_DOCTYPE = 4096;
/** RustScan writes a line for each port before it calls nmap. */
const MAX_PREFACE = 1024 * 1024;
const DECLARATIONS = ['<!--', '<![CDATA[', '<!DOCTYPE'];
const DOCUMENT = /<(?:\?xml\s|!DOCTYPE\s+nmaprun|nmaprun[\s>])/g;
/** This much at the end of a text may be the beginning of a document. */
const LONGEST_START = 40;
const XML_DECLARATION = '<?xml ';
/**
 * nmap up to 6.45 wrote a public identifier; the file that it names is never read. Entities are declared in brackets,
 * or in a file that `SYSTEM` alone names.
 */
const DOCUMENT_TYPE =
  /^<!DOCTYPE\s+[^\s[\]<>"']+(?:\s+PUBLIC\s+(?:"[^"<[]*"|'[^'<[]*')(?:\s+(?:"[^"<[]*"|'[^'<[]*'))?)?\s*>$/;

export type MarkupReader = {
  push(text: string): void;
  /** Nothing is unfinished: the next character is outside all markup. */
  idle(): boolean;
};

/**
 * Finds the tags of a document that arrives in pieces. Knows comments, CDATA, processing instructions and quotes, and
 * buffers at most one unfinished tag. Every character is looked at a bounded number of times.
 */
export function createMarkupReader(sink: MarkupSink): MarkupReader {
  const tag = createTagReader();
  let carry = '';
  let until: { mark: string; text: boolean } | undefined;
  let foreign = 0;

  /** Index after the construct that is skipped at `from`; undefined when the buffer ends within it. */
  function skip(buffer: string, from: number): number | undefined {
    if (until === undefined) return from;
    const found = buffer.indexOf(until.mark, from);
    const end = found === -1 ? Math.max(from, buffer.length - until.mark.length + 1) : found + until.mark.length;
    if (until.text) sink.onText(buffer.slice(from, end));
    if (found === -1) {
      carry = buffer.slice(end);
      return undefined;
    }
    until = undefined;
    return end;
  }

  /** Index of the next markup outside all elements. */
  function outside(buffer: string, from: number): number | undefined {
    let at = from;
    while (at < buffer.length && buffer.charCodeAt(at) <= SPACE) at++;
    if (at === buffer.length) return undefined;
    if (foreign === 0 && buffer[at] === '<') return at;
    if (foreign === 0) sink.onForeignText();
    DOCUMENT.lastIndex = at;
    const found = DOCUMENT.exec(buffer);
    foreign += (found?.index ?? buffer.length) - at;
    if (foreign > MAX_PREFACE) throw new MarkupError('not XML: it is text');
    if (found === null) {
      carry = buffer.slice(Math.max(at, buffer.length - LONGEST_START));
      return undefined;
    }
    foreign = 0;
    return found.index;
  }

  /** Index after the markup at `at`; undefined when its end has not arrived yet. */
  function markup(buffer: string, at: number): number | undefined {
    const second = buffer[at + 1];
    if (second === '!') return declaration(buffer, at);
    if (second === '?') return instruction(buffer, at);
    if (second === undefined) {
      carry = '<';
      return undefined;
    }
    return readTag(buffer, at);
  }

  function instruction(buffer: string, at: number): number | undefined {
    if (buffer.length - at < XML_DECLARATION.length) {
      carry = buffer.slice(at);
      return undefined;
    }
    if (!sink.isOutside() && buffer.startsWith(XML_DECLARATION, at)) sink.onRestart();
    until = { mark: '?>', text: false };
    return at + 2;
  }

  function declaration(buffer: string, at: number): number | undefined {
    const kind = DECLARATIONS.find((start) => buffer.startsWith(start, at));
    const end = kind === '<!DOCTYPE' ? documentType(buffer, at) : kind === undefined ? undefined : at + kind.length;
    if (end !== undefined && kind !== '<!DOCTYPE') {
      until = kind === '<!--' ? { mark: '-->', text: false } : { mark: ']]>', text: true };
      if (kind !== undefined && until.text) sink.onText(kind);
    }
    if (end === undefined) {
      const rest = buffer.slice(at, at + 9);
      if (kind === undefined && !DECLARATIONS.some((start) => start.startsWith(rest))) {
        throw new MarkupError('not XML: a declaration that does not belong there');
      }
      carry = buffer.slice(at);
    }
    return end;
  }

  function readTag(buffer: string, from: number): number | undefined {
    const step = tag.read(buffer, from);
    if (step.type === 'restart') return step.at;
    if (step.type === 'more') {
      carry = step.carry;
      return undefined;
    }
    const { name, text, at } = step;
    if (text.startsWith('</')) sink.onEnd(name, text);
    else if (sink.onStart({ name, text, empty: text.endsWith('/>') }) === 'stop') {
      carry = text + buffer.slice(at);
      return undefined;
    }
    return at;
  }

  /** One step at `position`; undefined when the buffer is used up or the sink wants no more. */
  function step(buffer: string, position: number): number | undefined {
    if (tag.isOpen()) return readTag(buffer, position);
    if (until !== undefined) return skip(buffer, position);
    if (sink.isOutside()) {
      const at = outside(buffer, position);
      return at === undefined ? undefined : markup(buffer, at);
    }
    const at = buffer.indexOf('<', position);
    if (at !== position) sink.onText(buffer.slice(position, at === -1 ? buffer.length : at));
    return at === -1 ? undefined : markup(buffer, at);
  }

  return {
    idle: () => carry === '' && until === undefined && !tag.isOpen(),
    push(text) {
      const buffer = carry + text;
      carry = '';
      let position: number | undefined = 0;
      while (position !== undefined && position < buffer.length) position = step(buffer, position);
    },
  };
}

const SPACE = 32;

/** Index after it; undefined when its end has not arrived. */
function documentType(buffer: string, at: number): number | undefined {
  const end = buffer.indexOf('>', at);
  const text = buffer.slice(at, end === -1 ? Math.min(buffer.length, at + MAX_DOCTYPE + 1) : end + 1);
  if (text.length > MAX_DOCTYPE) throw new MarkupError('not XML: a document type without an end');
  if (/[[\]<]|\sSYSTEM\s/.test(text.slice(1)) || (end !== -1 && !DOCUMENT_TYPE.test(text))) {
    throw new MarkupError('refused: its document type declares entities or an external file, which nmap never does');
  }
  return end === -1 ? undefined : end + 1;
}
