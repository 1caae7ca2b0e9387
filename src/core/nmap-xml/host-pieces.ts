import { createHostReader } from './element.ts';
import { child, children, type FragmentParser, type XmlNode } from './fragment.ts';
import { createHostBuilder, type HostBuilder, type PortsPiece, portsPiece } from './host.ts';
import { withoutMeasurements, withoutTimes } from './host-slice.ts';
import { createMarkupReader } from './markup.ts';
import { MarkupError } from './tag.ts';

/** Characters of pieces that are cached. Hosts of one network have the same few ports in the same few states. */
const MAX_KEPT = 2 * 1024 * 1024;
const [OPEN, CLOSE] = ['<ports>', '</ports>'] as const;
/** `<port …>…</port>` and `<extraports …>…</extraports>`, with only white space between. */
const PIECE = /\s*(<(port|extraports)\s[^<>]*>)/y;
/** Elements that no two hosts share. */
const OWN = /<(address|hostname)\s[^<>]*\/>/g;

/** Parses a plain host that is available completely; each distinct piece of all hosts is parsed once. */
export type HostPieces = {
  /** Undefined when it must be read tag by tag, which then reports what is wrong with it. */
  read(bytes: Uint8Array): HostBuilder | undefined;
};

export function createHostPieces(parse: FragmentParser): HostPieces {
  const decode = new TextDecoder();
  const kept = createKept<PortsPiece>();
  const frames = createKept<readonly XmlNode[]>();

  function nodesOf(text: string): readonly XmlNode[] {
    const nodes: XmlNode[] = [];
    tagByTag(text, parse, { add: (node) => nodes.push(node) });
    return nodes;
  }

  function frameOf(text: string): readonly XmlNode[] {
    const known = frames.get(text);
    if (known !== undefined) return known;
    const nodes = nodesOf(text);
    frames.makeRoom();
    frames.set(text, nodes);
    return nodes;
  }

  /**
   * Parses the host's own elements and the new pieces in one call: a call of the parser costs more than what it parses.
   */
  function readOwn(builder: HostBuilder, own: string, fresh: readonly string[]): void {
    const [node = {}, ...more] = nodesOf(`<host>${own}${OPEN}${fresh.join('')}${CLOSE}</host>`);
    if (more.length > 0) throw new MarkupError('a host of several pieces');
    const { ports: _, ...rest } = node;
    builder.add(rest);
    const ports = child(node, 'ports') ?? {};
    const port = children(ports, 'port').values();
    const extra = children(ports, 'extraports').values();
    for (const text of fresh) {
      const element = text.startsWith('<port') ? { port: [port.next().value] } : { extraports: [extra.next().value] };
      kept.set(text, portsPiece(element));
    }
  }

  function keepPlain(text: string): PortsPiece | undefined {
    const node = plainExtra(text);
    const piece = node === undefined ? undefined : portsPiece({ extraports: [node] });
    if (piece !== undefined) kept.set(text, piece);
    return piece;
  }

  function build(text: string): HostBuilder {
    const builder = createHostBuilder();
    const { frame, own, pieces } = split(text);
    for (const node of frameOf(frame)) builder.add(node);
    kept.makeRoom();
    const known = pieces.map((piece) => kept.get(piece) ?? keepPlain(piece));
    const fresh = pieces.filter((_, index) => known[index] === undefined);
    const plain = fresh.length === 0 ? plainOwn(own) : undefined;
    if (plain !== undefined) builder.add(plain);
    else if (own !== '' || fresh.length > 0) readOwn(builder, own, fresh);
    for (const [index, piece] of pieces.entries()) builder.addPorts(known[index] ?? kept.get(piece) ?? NOTHING);
    return builder;
  }

  return {
    read(bytes) {
      try {
        return build(decode.decode(bytes));
      } catch (error) {
        if (error instanceof MarkupError) return undefined;
        throw error;
      }
    },
  };
}

/** An address and no name: no two hosts share it, and it needs no decoding. */
const PLAIN_OWN = /^<address addr="([\da-f.:]{2,45})" addrtype="(ipv[46])"\/><hostnames><\/hostnames>$/;

function plainOwn(own: string): XmlNode | undefined {
  const [, addr, addrtype] = PLAIN_OWN.exec(own) ?? [];
  return addr === undefined ? undefined : { address: [{ '@addr': addr, '@addrtype': addrtype }] };
}

/** All other ports in one state for one reason, as nmap writes it: which ports they are differs from host to host. */
const PLAIN_EXTRA =
  /^<extraports state="([a-z|]+)" count="(\d+)">\s*<extrareasons reason="([\w-]+)" count="(\d+)" proto="(\w+)" ports="([\d,-]+)"\/>\s*<\/extraports>$/;

function plainExtra(text: string): XmlNode | undefined {
  const [, state, count, reason, counted, proto, ports] = PLAIN_EXTRA.exec(text) ?? [];
  if (state === undefined) return undefined;
  const reasons = { '@reason': reason, '@count': counted, '@proto': proto, '@ports': ports };
  return { '@state': state, '@count': count, extrareasons: [reasons] };
}

const NOTHING: PortsPiece = { ports: [], silent: [], unread: [], extras: [], scripts: [] };

/**
 * A cache by text. It is cleared when it is too large, which is cheaper than tracking the least recently used entry.
 */
function createKept<T>() {
  const values = new Map<string, T>();
  let size = 0;
  const makeRoom = (): void => {
    if (size <= MAX_KEPT) return;
    values.clear();
    size = 0;
  };
  return {
    get: (text: string): T | undefined => values.get(text),
    set(text: string, value: T): void {
      values.set(text, value);
      size += text.length;
    },
    makeRoom,
  };
}

type Parts = {
  /** The host without the fields below: the same for many hosts. */
  frame: string;
  /** Its addresses and names; empty when they are left in the frame. */
  own: string;
  /** Its ports, one by one. */
  pieces: readonly string[];
};

/** Everything is in the frame when its ports are written in another way than nmap's. */
function split(text: string): Parts {
  const whole = { frame: text, own: '', pieces: [] };
  const open = text.indexOf(OPEN);
  const close = text.indexOf(CLOSE, open);
  if (open === -1 || close === -1 || text.includes('<ports', close)) return whole;
  const pieces: string[] = [];
  let at = open + OPEN.length;
  for (;;) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) break;
    const [found, tag = '', name = ''] = match;
    const end = tag.endsWith('/>') ? at + found.length : endOf(text, name, at + found.length);
    if (end === undefined || end > close) return whole;
    pieces.push(text.slice(at + found.length - tag.length, end));
    at = end;
  }
  if (text.slice(at, close).trim() !== '') return whole;
  const addresses: string[] = [];
  const names: string[] = [];
  const head = withoutTimes(text.slice(0, open)).replace(OWN, (element, name) => {
    (name === 'address' ? addresses : names).push(element);
    return '';
  });
  const own = `${addresses.join('')}<hostnames>${names.join('')}</hostnames>`;
  return { frame: `${head}${OPEN}${withoutMeasurements(text.slice(close))}`, own, pieces };
}

function endOf(text: string, name: string, from: number): number | undefined {
  const mark = `</${name}>`;
  const end = text.indexOf(mark, from);
  return end === -1 ? undefined : end + mark.length;
}

/** Reads it as the document's reader does: unneeded elements are skipped, malformed ones are refused. */
function tagByTag(text: string, parse: FragmentParser, builder: { add(piece: XmlNode): void }): void {
  const reader = createHostReader(parse, builder);
  const path = ['nmaprun'];
  const markup = createMarkupReader({
    onStart(tag) {
      reader.onStart(tag, path.length);
      if (!tag.empty) path.push(tag.name);
      return 'go on';
    },
    onEnd(name, end) {
      if (path.pop() !== name) throw new MarkupError(`not well-formed: </${name.slice(0, 40)}> closes nothing`);
      reader.onEnd(end, path.length);
    },
    onText: (between) => reader.onText(between),
    isOutside: () => false,
    onForeignText: () => undefined,
    onRestart: () => undefined,
  });
  markup.push(text);
  if (path.length !== 1 || !markup.idle()) throw new MarkupError('not well-formed: a host ends within an element');
  reader.finish();
}
