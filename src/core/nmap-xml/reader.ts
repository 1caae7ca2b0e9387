import type { HostObservation, RunEnd, RunHeader } from '../model/observation.ts';
import { createHostReader, createSmallReader, type ElementReader } from './element.ts';
import { attribute, child, createFragmentParser, type FragmentParser } from './fragment.ts';
import { createMarkupReader, MarkupError, type StartTag } from './markup.ts';
import { endOf, headerOf, withScanInfo } from './run.ts';
import { createTextDecoder } from './text.ts';

export type NmapReader = {
  /** Reads on; returns the hosts that became complete. */
  push(bytes: Uint8Array): HostObservation[];
  /** Known once the first element behind `<scaninfo>` has begun; undefined when this is no nmap XML. */
  header(): RunHeader | undefined;
  /** Nothing more will be read: the document is broken or was refused. */
  failed(): boolean;
  /** Ends the document. Without a header, `error` says why it is no nmap XML. */
  end(): RunEnd;
};

const MAX_DEPTH = 64;
const CUT_OFF = 'it ends early: nmap was interrupted, or the file was cut off';

/** Reads nmap's XML host by host; memory does not grow with the document. Attribute order and chunk borders don't matter. */
export function createNmapReader(): NmapReader {
  const document = createDocument(createFragmentParser());
  const markup = createMarkupReader(document);
  const decode = createTextDecoder();
  let failure: string | undefined;
  let ended = false;

  function feed(bytes: Uint8Array, last: boolean): void {
    if (failure !== undefined) return;
    try {
      markup.push(decode(bytes, last));
    } catch (error) {
      failure = error instanceof MarkupError ? error.message : 'not well-formed: a part of it can’t be parsed';
    }
  }

  return {
    push(bytes) {
      feed(bytes, false);
      return document.takeHosts();
    },
    header: () => document.header(ended || failure !== undefined),
    failed: () => failure !== undefined,
    end() {
      feed(new Uint8Array(0), true);
      ended = true;
      if (document.header(true) === undefined) return { complete: false, error: failure ?? document.whyNothing() };
      const end = document.end() ?? { complete: false, error: CUT_OFF };
      return failure === undefined ? end : { ...end, error: failure };
    },
  };
}

type Document = {
  onStart(tag: StartTag): void;
  onEnd(name: string, text: string): void;
  onText(text: string): void;
  takeHosts(): HostObservation[];
  /** As far as it is known, when `now`; else once it is whole. */
  header(now: boolean): RunHeader | undefined;
  end(): RunEnd | undefined;
  whyNothing(): string;
};

/** The structure of the document: which element is what, and which are passed over. */
function createDocument(parse: FragmentParser): Document {
  const path: string[] = [];
  let root: RunHeader | undefined;
  let headerWhole = false;
  let closed = false;
  let end: RunEnd | undefined;
  let hosts: HostObservation[] = [];
  /** The child of the root that is being gathered, and what to do when it is whole. */
  let current: { reader: ElementReader; finish: () => void } | undefined;

  function openRoot(tag: StartTag): void {
    if (closed) throw new MarkupError('a second document follows; only the first run was read');
    root = rootOf(tag, parse);
  }

  function openChild(tag: StartTag, header: RunHeader): void {
    if (tag.name === 'scaninfo') {
      root = withScanInfo(header, startTagNode(tag, parse));
      return;
    }
    headerWhole = true;
    if (tag.name === 'host') {
      const reader = createHostReader(parse);
      current = { reader, finish: () => addHost(reader.build(header)) };
    } else if (tag.name === 'runstats') {
      const reader = createSmallReader(parse);
      current = {
        reader,
        finish: () => {
          end = endOf(reader.node('runstats'));
        },
      };
    }
  }

  function addHost(host: HostObservation | undefined): void {
    if (host !== undefined) hosts.push(host);
  }

  function close(depth: number): void {
    if (depth === 0) closed = true;
    if (depth === 1 && current !== undefined) {
      current.finish();
      current = undefined;
    }
  }

  return {
    onStart(tag) {
      const depth = path.length;
      if (depth === 0 || root === undefined) openRoot(tag);
      else if (depth === 1) openChild(tag, root);
      current?.reader.onStart(tag, depth);
      if (tag.empty) close(depth);
      else path.push(tag.name);
      if (path.length > MAX_DEPTH) throw new MarkupError('refused: elements nested too deeply');
    },
    onEnd(name, text) {
      if (path.pop() !== name) throw new MarkupError(`not well-formed: </${name.slice(0, 40)}> closes nothing`);
      current?.reader.onEnd(text, path.length);
      close(path.length);
    },
    onText(text) {
      current?.reader.onText(text);
      if (path.length > 0 || text.trim() === '') return;
      throw new MarkupError(
        closed ? 'more text follows after the end of the document' : 'not XML: it begins with text',
      );
    },
    takeHosts() {
      const taken = hosts;
      hosts = [];
      return taken;
    },
    header: (now) => (now || headerWhole || closed ? root : undefined),
    end: () => end,
    whyNothing: () => 'no nmap XML in it: it is empty, or it was cut off before its first element',
  };
}

function rootOf(tag: StartTag, parse: FragmentParser): RunHeader {
  const name = tag.name.slice(0, 40);
  if (tag.name !== 'nmaprun') throw new MarkupError(`not nmap's XML: its document element is <${name}>`);
  const node = startTagNode(tag, parse);
  const scanner = attribute(node, 'scanner') ?? 'nmap';
  if (scanner !== 'nmap') throw new MarkupError(`not nmap's XML: it was written by ${scanner.slice(0, 40)}`);
  return headerOf(node);
}

function startTagNode(tag: StartTag, parse: FragmentParser): Record<string, unknown> {
  return child(parse(tag.empty ? tag.text : `${tag.text}</${tag.name}>`), tag.name) ?? {};
}
