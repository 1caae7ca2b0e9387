import type { HostObservation, RunEnd, RunHeader } from '../model/observation.ts';
import { createDocument } from './document.ts';
import { createTextDecoder } from './encoding.ts';
import { createFragmentParser } from './fragment.ts';
import { createMarkupReader } from './markup.ts';
import { MarkupError } from './tag.ts';

export type NmapReader = {
  /** Reads on; returns the hosts that became complete. What follows the run waits for `next`. */
  push(bytes: Uint8Array): HostObservation[];
  /** Known once the first element behind `<scaninfo>` has begun; undefined when this is no nmap XML. */
  header(): RunHeader | undefined;
  /** Nothing more will be read: the document is broken or was refused. */
  failed(): boolean;
  /** Another run follows the one that is read (nmap's `--append-output`). */
  follows(): boolean;
  /** Goes on to the run that follows: its first hosts. `header` and `end` are its own from now on. */
  next(): HostObservation[];
  /** Ends the run. Without a header, `error` says why it is no nmap XML. */
  end(): RunEnd;
};

/** Reads nmap's XML host by host; memory does not grow with the document. Attribute order and chunk borders don't matter. */
export function createNmapReader(): NmapReader {
  const parse = createFragmentParser();
  let document = createDocument(parse);
  const markup = createMarkupReader({
    onStart: (tag) => document.onStart(tag),
    onEnd: (name, text) => document.onEnd(name, text),
    onText: (text) => document.onText(text),
    isOutside: () => document.isOutside(),
    onForeignText: () => document.onForeignText(),
    onRestart: () => document.onRestart(),
  });
  const decode = createTextDecoder();
  let failure: string | undefined;
  let ended = false;

  function feed(text: () => string): void {
    if (failure !== undefined || document.follows()) return;
    try {
      markup.push(text());
    } catch (error) {
      failure = error instanceof MarkupError ? error.message : 'not well-formed: a part of it can’t be parsed';
    }
  }

  return {
    push(bytes) {
      feed(() => decode(bytes, false));
      return document.takeHosts();
    },
    header: () => document.header(ended || failure !== undefined),
    failed: () => failure !== undefined,
    follows: () => document.follows(),
    next() {
      document = createDocument(parse);
      feed(() => '');
      return document.takeHosts();
    },
    end() {
      feed(() => decode(new Uint8Array(0), true));
      ended = !document.follows();
      if (document.header(true) === undefined) return { complete: false, error: failure ?? document.whyNothing() };
      const end = document.end();
      return failure === undefined ? end : { ...end, error: failure };
    },
  };
}
