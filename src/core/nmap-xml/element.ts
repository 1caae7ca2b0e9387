import { child, type FragmentParser, type XmlNode } from './fragment.ts';
import type { HostBuilder } from './host.ts';
import { IDENTITY_SCRIPT } from './identity-scripts.ts';
import { MarkupError, type StartTag } from './tag.ts';
import { shortScript } from './traits.ts';

/** Gathers one child of `<nmaprun>`; `depth` is 1 for the child itself. */
export type ElementReader = {
  onStart(tag: StartTag, depth: number): void;
  onEnd(text: string, depth: number): void;
  onText(text: string): void;
};

/** Once a piece of a host reaches this many characters, it is parsed before the rest arrives. */
const PIECE = 256 * 1024;
/** All 65,536 ports of three protocols with long banners stay below this; scripts and traces are not counted. */
const MAX_HOST = 64 * 1024 * 1024;
/** Everything needed is in attributes and in short elements; a longer text is cut to this length. */
const MAX_TEXT = 64 * 1024;
/** Children of a host that are read; others, such as traces, are skipped unparsed. */
const WANTED: ReadonlySet<string> = new Set(['status', 'address', 'hostnames', 'ports', 'hostscript', 'os']);
/** Of a guess only its name is needed. */
const UNWANTED: ReadonlySet<string> = new Set(['cpe', 'osclass', 'portused', 'osfingerprint']);

/** `<host>`, parsed in pieces when it has very many ports; the builder gets each. */
export function createHostReader(
  parse: FragmentParser,
  builder: Pick<HostBuilder, 'add'>,
): ElementReader & { finish(): void } {
  let parts: string[] = [];
  let size = 0;
  let total = 0;
  let passedOver: number | undefined;
  let inPorts = false;
  let textSize = 0;

  function keep(text: string): void {
    parts.push(text);
    size += text.length;
    total += text.length;
    textSize = 0;
    if (total > MAX_HOST) throw new MarkupError('refused: a host of more than 64 MB');
  }

  /** Parses what is complete when a child of `<ports>` has ended. */
  function split(depth: number): void {
    if (depth !== 3 || !inPorts || size < PIECE) return;
    builder.add(child(parse(`${parts.join('')}</ports></host>`), 'host') ?? {});
    parts = ['<host><ports>'];
    size = 0;
  }

  return {
    onStart(tag, depth) {
      if (passedOver !== undefined) return;
      if (!isWanted(tag, depth)) {
        if (!tag.empty) passedOver = depth;
        return;
      }
      if (depth === 2) inPorts = tag.name === 'ports' && !tag.empty;
      if (tag.name === 'script' && !IDENTITY_SCRIPT.test(tag.text)) {
        keep(shortScript(tag.text));
        if (!tag.empty) passedOver = depth;
        return;
      }
      keep(tag.text);
      if (tag.empty) split(depth);
    },
    onEnd(text, depth) {
      if (passedOver !== undefined) {
        if (passedOver === depth) passedOver = undefined;
        return;
      }
      keep(text);
      split(depth);
    },
    onText(text) {
      if (passedOver !== undefined) return;
      const kept = text.slice(0, Math.max(0, MAX_TEXT - textSize));
      const known = textSize;
      keep(kept);
      textSize = known + text.length;
    },
    finish() {
      builder.add(child(parse(parts.join('')), 'host') ?? {});
    },
  };
}

function isWanted(tag: StartTag, depth: number): boolean {
  if (depth === 2) return WANTED.has(tag.name);
  return !UNWANTED.has(tag.name);
}

/** A small element, whole. */
export function createSmallReader(parse: FragmentParser): ElementReader & { node(name: string): XmlNode } {
  const parts: string[] = [];
  let size = 0;
  function keep(text: string): void {
    parts.push(text);
    size += text.length;
    if (size > PIECE) throw new MarkupError('refused: run statistics of more than 256 kB');
  }
  return {
    onStart: (tag) => keep(tag.text),
    onEnd: keep,
    onText: keep,
    node: (name) => child(parse(parts.join('')), name) ?? {},
  };
}
