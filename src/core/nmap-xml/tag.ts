/** One start tag as text, without nmap's progress reports inside it. */
export type StartTag = { name: string; text: string; empty: boolean };

/** Why a document can't be read any further. */
export class MarkupError extends Error {}

/** The result of reading on; `at` is an index in the buffer. */
export type TagStep =
  | { type: 'tag'; name: string; text: string; at: number }
  /** Another document begins within the tag. */
  | { type: 'restart'; at: number }
  /** The buffer is used up. `carry` goes before what follows. */
  | { type: 'more'; carry: string };

/** `args` of a command line of 2 MB, every dash escaped, still passes. */
const MAX_ROOT_TAG = 16 * 1024 * 1024;
/** A list of all ports one by one is 380 kB long. */
const MAX_TAG = 1024 * 1024;
/** The result of a script may be megabytes long; only the script's name at its beginning is needed. */
const MAX_SCRIPT_TAG = 256 * 1024;
const SCRIPT = /^<script\s+id\s*=\s*(?:"[^"]*"|'[^']*')/;
/** nmap writes progress at any time, even between the attributes of another tag (nmap #1601). */
const PROGRESS_TAG = /<task(?:begin|progress|end)(?: \w{1,20}="[^"<>]{0,200}"){1,5} ?\/>\r?\n?/y;
/** A progress report is shorter. */
const LOOKAHEAD = 1200;
const WITHIN = ['<task', '<?xml '] as const;
const NAME = /<\/?([^\s/>]+)/y;

const LESS = 60;
const GREATER = 62;
const DOUBLE = 34;
const SINGLE = 39;

/**
 * Reads one tag that may arrive in pieces. Every character is looked at once, and a bounded number of times after a
 * `<`.
 */
export function createTagReader(): { isOpen(): boolean; read(buffer: string, from: number): TagStep } {
  let parts: string[] = [];
  let size = 0;
  let quote = 0;
  let script = false;
  let most = MAX_TAG;
  let tail = '';

  function keep(text: string): void {
    if (size === 0) {
      script = text.startsWith('<script');
      most = text.startsWith('<nmaprun') ? MAX_ROOT_TAG : MAX_TAG;
    }
    size += text.length;
    tail = (tail + text.slice(-2)).slice(-2);
    if (size > most && !script) throw new MarkupError(`refused: a single tag of more than ${most / 1024 / 1024} MB`);
    if (!script || size - text.length < MAX_SCRIPT_TAG) parts.push(text);
  }

  function whole(at: number): TagStep {
    const joined = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
    const text = script && size > MAX_SCRIPT_TAG ? `${scriptStart(joined)}${tail === '/>' ? tail : '>'}` : joined;
    parts = [];
    size = 0;
    return { type: 'tag', name: nameOf(text), text, at };
  }

  return {
    isOpen: () => size > 0,
    read(buffer, from) {
      let start = from;
      for (let index = size === 0 ? from + 1 : from; index < buffer.length; index++) {
        const code = buffer.charCodeAt(index);
        if (code === quote) quote = 0;
        else if (code === LESS) {
          const next = behindLess(buffer, index);
          if (next === 'restart' || next === 'more') {
            if (next === 'more') keep(buffer.slice(start, index));
            else [parts, size, quote] = [[], 0, 0];
            return next === 'more' ? { type: 'more', carry: buffer.slice(index) } : { type: 'restart', at: index };
          }
          if (next === 'text') {
            if (quote === 0) throw new MarkupError('not XML: a tag begins within a tag');
            continue;
          }
          keep(buffer.slice(start, index));
          start = next;
          index = next - 1;
        } else if (quote !== 0) continue;
        else if (code === DOUBLE || code === SINGLE) quote = code;
        else if (code === GREATER) {
          keep(buffer.slice(start, index + 1));
          return whole(index + 1);
        }
      }
      keep(buffer.slice(start));
      return { type: 'more', carry: '' };
    },
  };
}

/** What is at a `<` within a tag: the index after a progress report, or what else it is. */
function behindLess(buffer: string, at: number): number | 'restart' | 'text' | 'more' {
  const kind = WITHIN.find((start) => start[1] === (buffer[at + 1] ?? start[1]));
  if (kind === undefined) return 'text';
  if (kind === '<?xml ' && buffer.startsWith(kind, at)) return 'restart';
  PROGRESS_TAG.lastIndex = at;
  const match = PROGRESS_TAG.exec(buffer);
  // The next character decides whether a line end belongs to it.
  if (match !== null) return at + match[0].length < buffer.length - 1 ? at + match[0].length : 'more';
  if (buffer.length - at >= LOOKAHEAD) return 'text';
  const ahead = buffer.slice(at);
  const possible = WITHIN.some((start) =>
    ahead.length < start.length ? start.startsWith(ahead) : ahead.startsWith(start),
  );
  return possible && !/[<>]/.test(ahead.slice(1)) ? 'more' : 'text';
}

function nameOf(text: string): string {
  NAME.lastIndex = 0;
  const name = NAME.exec(text)?.[1];
  if (name === undefined) throw new MarkupError('not XML: a tag without a name');
  return name;
}

/** Keeps only the name; a script without one is not needed. */
function scriptStart(text: string): string {
  return SCRIPT.exec(text.slice(0, MAX_SCRIPT_TAG))?.[0] ?? '<script';
}
