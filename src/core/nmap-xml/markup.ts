/** One start tag as text, with what nmap's progress reports left in it taken out. */
export type StartTag = { name: string; text: string; empty: boolean };

export type MarkupSink = {
  onStart(tag: StartTag): void;
  onEnd(name: string, text: string): void;
  /** A piece of text, as it stands; CDATA sections come with their marks. */
  onText(text: string): void;
};

/** Why a document can't be read on. */
export class MarkupError extends Error {}

/** `args` of a command line of 2 MB, every dash escaped, still passes. */
const MAX_TAG = 16 * 1024 * 1024;
const MAX_DOCTYPE = 4096;
const DECLARATIONS = ['<!--', '<![CDATA[', '<!DOCTYPE'];
/** nmap writes progress whenever it likes, even between the attributes of another tag (nmap #1601). */
const PROGRESS_TAG = /<task(?:begin|progress|end) [^<>]*\/>\n?/y;
const NAME = /<\/?([^\s/>]+)/y;

/**
 * Finds the tags of a document that arrives in pieces; knows comments, CDATA, processing instructions and quotes, and
 * keeps no more than one unfinished tag. Document types with anything but a name are refused: no entities, no files.
 */
export function createMarkupReader(sink: MarkupSink): { push(text: string): void } {
  let carry = '';
  let until: { mark: string; text: boolean } | undefined;

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

  /** Index after the markup at `at`; undefined when its end has not arrived yet. */
  function markup(buffer: string, at: number): number | undefined {
    const second = buffer[at + 1];
    if (second === undefined) return undefined;
    if (second === '!') return declaration(buffer, at);
    if (second !== '?') return tag(buffer, at, sink);
    until = { mark: '?>', text: false };
    return at + 2;
  }

  function declaration(buffer: string, at: number): number | undefined {
    const kind = DECLARATIONS.find((start) => buffer.startsWith(start, at));
    if (kind === '<!DOCTYPE') return documentType(buffer, at);
    if (kind !== undefined) {
      until = kind === '<!--' ? { mark: '-->', text: false } : { mark: ']]>', text: true };
      if (until.text) sink.onText(kind);
      return at + kind.length;
    }
    const rest = buffer.slice(at);
    if (DECLARATIONS.some((start) => start.startsWith(rest))) return undefined;
    throw new MarkupError('not XML: a declaration that does not belong there');
  }

  return {
    push(text) {
      const buffer = carry + text;
      carry = '';
      let position = skip(buffer, 0);
      while (position !== undefined && position < buffer.length) {
        const at = buffer.indexOf('<', position);
        if (at !== position) sink.onText(buffer.slice(position, at === -1 ? buffer.length : at));
        if (at === -1) return;
        const end = markup(buffer, at);
        if (end === undefined) {
          carry = buffer.slice(at);
          if (carry.length > MAX_TAG) throw new MarkupError('a single tag of more than 16 MB');
          return;
        }
        position = skip(buffer, end);
      }
    },
  };
}

function documentType(buffer: string, at: number): number | undefined {
  const end = buffer.indexOf('>', at);
  const text = buffer.slice(at, end === -1 ? buffer.length : end + 1);
  if (/[[\]<"']|SYSTEM|PUBLIC/.test(text.slice(1))) {
    throw new MarkupError('refused: its document type declares entities or an external file, which nmap never does');
  }
  if (end !== -1) return end + 1;
  if (text.length > MAX_DOCTYPE) throw new MarkupError('not XML: a document type without an end');
  return undefined;
}

function tag(buffer: string, at: number, sink: MarkupSink): number | undefined {
  const found = wholeTag(buffer, at);
  if (found === undefined) return undefined;
  NAME.lastIndex = 0;
  const name = NAME.exec(found.text)?.[1];
  if (name === undefined) throw new MarkupError('not XML: a tag without a name');
  if (found.text.startsWith('</')) sink.onEnd(name, found.text);
  else sink.onStart({ name, text: found.text, empty: found.text.endsWith('/>') });
  return found.end;
}

function wholeTag(buffer: string, at: number): { text: string; end: number } | undefined {
  let text = '';
  let from = at;
  let quote = 0;
  for (let index = at + 1; index < buffer.length; index++) {
    const code = buffer.charCodeAt(index);
    if (code === LESS) {
      const end = progressTag(buffer, index);
      if (end === 'unfinished') return undefined;
      if (end === 'none') {
        if (quote === 0) throw new MarkupError('not XML: a tag begins within a tag');
        continue;
      }
      text += buffer.slice(from, index);
      from = end;
      index = end - 1;
    } else if (code === quote) quote = 0;
    else if (quote === 0 && (code === DOUBLE || code === SINGLE)) quote = code;
    else if (quote === 0 && code === GREATER) return { text: text + buffer.slice(from, index + 1), end: index + 1 };
  }
  return undefined;
}

const LESS = 60;
const GREATER = 62;
const DOUBLE = 34;
const SINGLE = 39;

/** Index after a progress report that stands within another tag. */
function progressTag(buffer: string, at: number): number | 'none' | 'unfinished' {
  const start = buffer.slice(at, at + 5);
  if (start !== '<task') return '<task'.startsWith(start) ? 'unfinished' : 'none';
  PROGRESS_TAG.lastIndex = at;
  const match = PROGRESS_TAG.exec(buffer);
  // What follows decides whether a line end belongs to it.
  if (match !== null) return at + match[0].length < buffer.length ? at + match[0].length : 'unfinished';
  return buffer.includes('>', at) ? 'none' : 'unfinished';
}
