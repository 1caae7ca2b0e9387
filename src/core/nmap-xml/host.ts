import type {
  HostObservation,
  OsGuess,
  PortObservation,
  Protocol,
  RunHeader,
  ScriptResult,
} from '../model/observation.ts';
import { canonicalAddress } from '../network/addresses.ts';
import { cleanText } from '../text.ts';
import { type ExtraEntry, expandExtras, extraEntries } from './extra-ports.ts';
import { attribute, child, children, type XmlNode } from './fragment.ts';
import { placeOf, portOf } from './port.ts';
import { MAX_SCRIPTS, osOf, scriptsOf } from './traits.ts';
import type { Unusable } from './unusable.ts';

/** No resolver returns more names than this; the rest would be an attack on memory. */
const MAX_HOSTNAMES = 100;
const MAX_UNREAD = 1000;

type Place = { protocol: Protocol; port: number };
type Unread = { why: string; what: string };

/** The content of a `<ports>`, or of a part of one; the same for all hosts whose XML contains it. */
export type PortsPiece = {
  ports: readonly PortObservation[];
  /** Listed in a state without meaning. */
  silent: readonly Place[];
  unread: readonly Unread[];
  extras: readonly ExtraEntry[];
  scripts: readonly ScriptResult[];
};

/** A host arrives in one piece, or in several when it has very many ports. */
export type HostBuilder = {
  add(piece: XmlNode): void;
  addPorts(piece: PortsPiece): void;
  /** Undefined when it can't be used: it has no IP address, or neither a status nor a port that answered. */
  build(header: Pick<RunHeader, 'ports' | 'scanTypes'>, unusable: Unusable): HostObservation | undefined;
};

export function createHostBuilder(): HostBuilder {
  let timedOut = false;
  let status: XmlNode | undefined;
  const addresses: XmlNode[] = [];
  const hostnames = new Set<string>();
  const askedAs = new Set<string>();
  const ports = new Map<string, PortObservation>();
  const silentPlaces = new Map<string, Place>();
  const unread = new Map<string, Unread>();
  const extras: ExtraEntry[] = [];
  const scripts: ScriptResult[] = [];
  let os: OsGuess | undefined;

  function addPorts(piece: PortsPiece): void {
    for (const port of piece.ports) ports.set(`${port.protocol}/${port.port}`, port);
    for (const place of piece.silent) silentPlaces.set(`${place.protocol}/${place.port}`, place);
    for (const port of piece.unread) if (unread.size < MAX_UNREAD) unread.set(port.what, port);
    for (const extra of piece.extras) extras.push(extra);
    keepScripts(piece.scripts);
  }

  function keepScripts(found: readonly ScriptResult[]): void {
    scripts.push(...found.slice(0, Math.max(0, MAX_SCRIPTS - scripts.length)));
  }

  return {
    add(piece) {
      if (attribute(piece, 'timedout') === 'true') timedOut = true;
      status ??= child(piece, 'status');
      addresses.push(...children(piece, 'address'));
      for (const list of children(piece, 'hostnames')) {
        for (const hostname of children(list, 'hostname')) {
          const name = attribute(hostname, 'name');
          if (name === undefined || hostnames.size >= MAX_HOSTNAMES) continue;
          hostnames.add(name);
          if (attribute(hostname, 'type') === 'user') askedAs.add(name);
        }
      }
      for (const node of children(piece, 'ports')) addPorts(portsPiece(node));
      for (const node of children(piece, 'hostscript')) keepScripts(scriptsOf(node));
      for (const node of children(piece, 'os')) os ??= osOf(node);
    },
    addPorts,
    build(header, unusable) {
      const address = ipAddress(addresses);
      if (address === undefined) {
        unusable.note('hosts without an IP address', attribute(addresses[0] ?? {}, 'addr') ?? 'no address');
        return undefined;
      }
      for (const { why, what } of unread.values()) unusable.note(why, `${address} ${what}`);
      const listed = [...ports.values()];
      const seen = statusOf(status) ?? answered(listed);
      if (seen === undefined) {
        const why = status === undefined ? 'no status' : `status “${cleanText(attribute(status, 'state') ?? '', 20)}”`;
        unusable.note(`hosts with ${why} and no port that answered`, address);
        return undefined;
      }
      const extra = expandExtras(extras, header, [...listed, ...silentPlaces.values()]);
      if (extra.length === 0 && extras.length > 0 && !timedOut) {
        unusable.note('hosts whose numbers of ports don’t say what is not listed', address);
      }
      return {
        address,
        ...macOf(addresses),
        hostnames: [...hostnames],
        ...(askedAs.size === 0 ? {} : { askedAs: [...askedAs] }),
        ...seen,
        timedOut,
        ports: listed,
        extra,
        ...(os === undefined ? {} : { os }),
        ...(scripts.length === 0 ? {} : { scripts }),
      };
    },
  };
}

export function portsPiece(node: XmlNode): PortsPiece {
  const ports: PortObservation[] = [];
  const silent: Place[] = [];
  const unread: Unread[] = [];
  const scripts: ScriptResult[] = [];
  for (const element of children(node, 'port')) {
    const place = placeOf(element);
    const port = place === undefined ? undefined : portOf(element, place);
    if (place !== undefined) scripts.push(...scriptsOf(element, place));
    if (port !== undefined) ports.push(port);
    else {
      if (place !== undefined) silent.push(place);
      unread.push(unreadPort(element, place === undefined ? 'protocol' : 'state'));
    }
  }
  return { ports, silent, unread, extras: extraEntries(node), scripts };
}

function unreadPort(port: XmlNode, by: 'protocol' | 'state'): Unread {
  const holder = by === 'protocol' ? port : (child(port, 'state') ?? {});
  const what = cleanText(`${attribute(port, 'portid') ?? '?'}/${attribute(port, 'protocol') ?? '?'}`, 20);
  return { why: `ports of the ${by} “${cleanText(attribute(holder, by) ?? '', 20)}”`, what };
}

function statusOf(status: XmlNode | undefined): Pick<HostObservation, 'status' | 'reason'> | undefined {
  const state = status === undefined ? undefined : attribute(status, 'state');
  if (status === undefined || (state !== 'up' && state !== 'down')) return undefined;
  return { status: state, reason: attribute(status, 'reason') ?? 'unknown' };
}

/** masscan and others write no status: a host that answers on a port is up. */
function answered(ports: readonly PortObservation[]): Pick<HostObservation, 'status' | 'reason'> | undefined {
  const port = ports.find(({ state }) => state === 'open') ?? ports.find(({ state }) => state === 'closed');
  return port === undefined ? undefined : { status: 'up', reason: port.reason };
}

function ipAddress(addresses: readonly XmlNode[]): string | undefined {
  for (const node of addresses) {
    const text = attribute(node, 'addr');
    if (text === undefined || attribute(node, 'addrtype') === 'mac') continue;
    const address = canonicalAddress(text.replace(/%.*$/, ''));
    if (address !== undefined) return address;
  }
  return undefined;
}

function macOf(addresses: readonly XmlNode[]): { mac?: string; vendor?: string } {
  const node = addresses.find((candidate) => attribute(candidate, 'addrtype') === 'mac');
  const mac = node === undefined ? undefined : attribute(node, 'addr');
  if (node === undefined || mac === undefined) return {};
  const vendor = attribute(node, 'vendor');
  return { mac: mac.toUpperCase(), ...(vendor === undefined ? {} : { vendor }) };
}
