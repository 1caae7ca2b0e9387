import type { HostObservation, RunEnd, RunHeader } from '../model/observation.ts';
import { createHostReader, createSmallReader, type ElementReader } from './element.ts';
import { child, type FragmentParser } from './fragment.ts';
import { createHostBuilder, type HostBuilder } from './host.ts';
import type { MarkupSink } from './markup.ts';
import { endOf, headerOf, withScanInfo } from './run.ts';
import { MarkupError, type StartTag } from './tag.ts';
import { createUnusable } from './unusable.ts';

/** One run, as far as it has been read. */
export type Document = MarkupSink & {
  takeHosts(): HostObservation[];
  /** The position is between children of the root. */
  expectsHost(): boolean;
  /** The header, which is complete because hosts follow. */
  openHosts(): RunHeader;
  /** Adds a host that was read elsewhere. */
  addHost(builder: HostBuilder, header: RunHeader): void;
  /** As far as it is known when `now` is set; otherwise once it is complete. */
  header(now: boolean): RunHeader | undefined;
  end(): RunEnd;
  /** The next element is another run. */
  follows(): boolean;
  whyNothing(): string;
};

const CUT_OFF = 'it ends early: nmap was interrupted, or the file was cut off';
const MAX_DEPTH = 64;
/** nmap writes one for each type of scan; there are eight. */
const MAX_SCANINFO = 64;

/** The structure of a run: the meaning of each element, and which ones are skipped. */
export function createDocument(parse: FragmentParser): Document {
  const path: string[] = [];
  const unusable = createUnusable();
  let root: RunHeader | undefined;
  let scanInfos = 0;
  let headerWhole = false;
  let closed = false;
  let following = false;
  let foreignText = false;
  let end: RunEnd | undefined;
  let hosts: HostObservation[] = [];
  /** The child of the root that is being gathered, and what to do when it is complete. */
  let current: { reader: ElementReader; finish: () => void } | undefined;

  function openRoot(tag: StartTag): 'go on' | 'stop' {
    if (root === undefined) root = rootOf(tag, parse);
    else if (tag.name === 'nmaprun') following = true;
    else throw new MarkupError(`another document follows, whose element is <${tag.name.slice(0, 40)}>`);
    return following ? 'stop' : 'go on';
  }

  function openChild(tag: StartTag, header: RunHeader): void {
    if (tag.name === 'scaninfo') {
      if (++scanInfos > MAX_SCANINFO) throw new MarkupError('refused: more kinds of scans than nmap has');
      root = withScanInfo(header, startTagNode(tag, parse));
      return;
    }
    headerWhole = true;
    if (tag.name === 'host') {
      const builder = createHostBuilder();
      const reader = createHostReader(parse, builder);
      current = {
        reader,
        finish() {
          reader.finish();
          addHost(builder, header);
        },
      };
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

  function addHost(builder: HostBuilder, header: RunHeader): void {
    const host = builder.build(header, unusable);
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
      if (depth === 0 || root === undefined || tag.name === 'nmaprun') {
        if (openRoot(tag) === 'stop') return 'stop';
      } else if (depth === 1) openChild(tag, root);
      current?.reader.onStart(tag, depth);
      if (tag.empty) close(depth);
      else path.push(tag.name);
      if (path.length > MAX_DEPTH) throw new MarkupError('refused: elements nested too deeply');
      return 'go on';
    },
    onEnd(name, text) {
      if (path.pop() !== name) throw new MarkupError(`not well-formed: </${name.slice(0, 40)}> closes nothing`);
      current?.reader.onEnd(text, path.length);
      close(path.length);
    },
    onText: (text) => current?.reader.onText(text),
    isOutside: () => path.length === 0,
    onForeignText() {
      foreignText = true;
    },
    onRestart() {
      path.length = 0;
      current = undefined;
    },
    expectsHost: () => root !== undefined && !closed && !following && path.length === 1,
    openHosts() {
      if (root === undefined) throw new Error('a host before the run');
      headerWhole = true;
      return root;
    },
    addHost,
    takeHosts() {
      const taken = hosts;
      hosts = [];
      return taken;
    },
    header: (now) => (now || headerWhole || closed || following ? root : undefined),
    end() {
      const remarks = [...(foreignText ? ['text around the document was passed over'] : []), ...unusable.remarks()];
      const known = end ?? { complete: false, error: CUT_OFF };
      return remarks.length === 0 ? known : { ...known, remarks };
    },
    follows: () => following,
    whyNothing: () =>
      foreignText
        ? 'not XML: it is text'
        : 'no nmap XML in it: it is empty, or it was cut off before its first element',
  };
}

function rootOf(tag: StartTag, parse: FragmentParser): RunHeader {
  const name = tag.name.slice(0, 40);
  if (tag.name !== 'nmaprun') throw new MarkupError(`not nmap's XML: its document element is <${name}>`);
  return headerOf(startTagNode(tag, parse));
}

function startTagNode(tag: StartTag, parse: FragmentParser): Record<string, unknown> {
  return child(parse(tag.empty ? tag.text : `${tag.text}</${tag.name}>`), tag.name) ?? {};
}
