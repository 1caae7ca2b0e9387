import type { HostObservation, RunEnd, RunHeader } from '../model/observation.ts';
import { createDocument } from './document.ts';
import { createTextDecoder } from './encoding.ts';
import { createFragmentParser } from './fragment.ts';
import { createHostPieces } from './host-pieces.ts';
import type { HostSlice } from './host-slice.ts';
import { createMarkupReader } from './markup.ts';
import { createSliceReader } from './slice-reader.ts';
import { MarkupError } from './tag.ts';

export type NmapReader = {
  /** Reads on and returns the hosts that became complete. Anything after the run waits for `next`. */
  push(bytes: Uint8Array): HostObservation[];
  /** Known once the first element after `<scaninfo>` has begun; undefined when this is no nmap XML. */
  header(): RunHeader | undefined;
  /** Nothing more will be read: the document is broken or was refused. */
  failed(): boolean;
  /** Another run follows the current one (nmap's `--append-output`). */
  follows(): boolean;
  /** Moves on to the run that follows and returns its first hosts. `header` and `end` are that run's from now on. */
  next(): HostObservation[];
  /** Ends the run. Without a header, `error` says why it is no nmap XML. */
  end(): RunEnd;
};

export type ReaderOptions = {
  /**
   * Called for each host that is plain in the document's bytes (UTF-8), before it is parsed. True means that the caller
   * already knows its content, and it is skipped. The slice is only valid until the call returns.
   */
  isKnown?(slice: HostSlice, header: RunHeader): boolean;
};

/**
 * Reads nmap's XML host by host; memory does not grow with the document. Attribute order and chunk borders don't
 * matter. Hosts that are plain in the bytes are cut out whole and parsed in pieces that repeat; everything else goes
 * tag by tag, and both ways give the same result.
 */
export function createNmapReader({ isKnown = () => false }: ReaderOptions = {}): NmapReader {
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
  const pieces = createHostPieces(parse);
  const slices = createSliceReader({
    mayBegin: () => decode.isUtf8() && markup.idle() && document.expectsHost(),
    stopped: () => document.follows(),
    onHost: readSlice,
    onOther: (bytes) => markup.push(decode.text(bytes, false)),
  });
  let failure: string | undefined;
  let ended = false;

  function readSlice(slice: HostSlice): boolean {
    const header = document.openHosts();
    if (isKnown(slice, header)) return true;
    const builder = pieces.read(slice.bytes);
    if (builder === undefined) return false;
    document.addHost(builder, header);
    return true;
  }

  function guarded(read: () => void): void {
    if (failure !== undefined || document.follows()) return;
    try {
      read();
    } catch (error) {
      failure = error instanceof MarkupError ? error.message : 'not well-formed: a part of it can’t be parsed';
    }
  }

  return {
    push(bytes) {
      guarded(() => slices.push(bytes, false));
      return document.takeHosts();
    },
    header: () => document.header(ended || failure !== undefined),
    failed: () => failure !== undefined,
    follows: () => document.follows(),
    next() {
      document = createDocument(parse);
      guarded(() => {
        markup.push('');
        slices.push(new Uint8Array(0), false);
      });
      return document.takeHosts();
    },
    end() {
      guarded(() => {
        slices.push(new Uint8Array(0), true);
        if (!document.follows()) markup.push(decode.text(new Uint8Array(0), true));
      });
      ended = !document.follows();
      if (document.header(true) === undefined) return { complete: false, error: failure ?? document.whyNothing() };
      const end = document.end();
      return failure === undefined ? end : { ...end, error: failure };
    },
  };
}
