import type { ExtraPorts, HostObservation, PortObservation, PortSet, ServiceIdentity } from '../model/observation.ts';
import { stateEvidence } from './evidence.ts';
import { packExtras, unpackExtras } from './host-extras.ts';
import { mergeHosts } from './merge-hosts.ts';
import { createPool } from './pool.ts';

/**
 * The hosts of a run in little memory: one short string each, shared values stored once. A run of 150 MB of XML takes
 * some ten MB. Each address is stored once: entries for the same address are merged. Services of ports that are not
 * open are dropped.
 */
export type HostTable = {
  add(host: HostObservation): void;
  /** Returns the host, once; afterwards the address is `seen`, whether it was there or not. */
  take(address: string): HostObservation | 'none' | 'seen';
  /** The hosts that were not taken. */
  rest(): IterableIterator<HostObservation>;
  /** Whether some host was scanned by this name. */
  wasAsked(name: string): boolean;
};

/** Everything of a host except its lists. */
type Head = Pick<HostObservation, 'status' | 'reason' | 'timedOut'>;
type Kind = Omit<PortObservation, 'port' | 'service'> & {
  service?: Pick<ServiceIdentity, 'name' | 'method' | 'confidence' | 'tunnel'>;
};
type Detail = Omit<ServiceIdentity, 'name' | 'method' | 'confidence' | 'tunnel'>;
type ExtraKind = Omit<ExtraPorts, 'ports'>;

/**
 * Rows are text separated by control characters, which XML can't contain. `JSON.parse` would leave every short string
 * in V8's old space, hundreds of MB before the next collection.
 */
const [FIELD, ITEM, PART] = ['\u0000', '\u0001', '\u0002'] as const;
/** Products and versions repeat. Once this many are pooled, each further one is stored in its row. */
const MAX_POOLED = 4096;
const INLINE = '=';

/** `covered` is the port set of the run's header. */
export function createHostTable(covered: PortSet): HostTable {
  const rows = new Map<string, string>();
  const names = new Set<string>();
  const heads = createPool<Head>();
  const kinds = createPool<Kind>();
  const details = createPool<Detail>();
  const extraKinds = createPool<ExtraKind>();

  function pack(host: HostObservation): string {
    const { hostnames, askedAs = [], status, reason, timedOut, mac = '' } = host;
    const extras = packExtras(host.extra, host.ports, covered);
    const fields = [
      heads.id({ status, reason, timedOut }),
      hostnames.map(harmless).join(ITEM),
      askedAs.map(harmless).join(ITEM),
      mac,
      host.ports.map(packPort).join(ITEM),
      extras.map(({ ports = '', ...kind }) => [extraKinds.id(kind), ports].join(PART)).join(ITEM),
    ];
    return fields.join(FIELD);
  }

  function packPort(port: PortObservation): string {
    const { kind, detail } = split(port);
    const known = detail === undefined ? '' : details.id(detail, MAX_POOLED);
    return [port.port, kinds.id(kind), known ?? inline(detail ?? {})].join(PART);
  }

  function unpackPort(cell: string): PortObservation {
    const [port, kindId = '', known = '', ...inlined] = cell.split(PART);
    const { service, ...kind } = kinds.value(kindId);
    const base = { ...kind, port: Number(port) };
    if (service === undefined) return base;
    if (known === '') return { ...base, service };
    return { ...base, service: { ...service, ...(known === INLINE ? unlined(inlined) : details.value(known)) } };
  }

  function unpack(address: string, packed: string): HostObservation {
    const [headId = '', hostnames = '', asked = '', mac = '', cells = '', extras = ''] = packed.split(FIELD);
    const ports = items(cells).map(unpackPort);
    const packedExtras = items(extras).map((item) => {
      const [kind = '', ranges = ''] = item.split(PART);
      return { ...extraKinds.value(kind), ...(ranges === '' ? {} : { ports: ranges }) };
    });
    return {
      address,
      ...heads.value(headId),
      hostnames: items(hostnames),
      ...(asked === '' ? {} : { askedAs: items(asked) }),
      ...(mac === '' ? {} : { mac }),
      ports,
      extra: unpackExtras(packedExtras, ports, covered),
    };
  }

  return {
    add(host) {
      for (const name of host.askedAs ?? []) names.add(name);
      const known = rows.get(host.address);
      rows.set(host.address, pack(known === undefined ? host : mergeHosts(unpack(host.address, known), host)));
    },
    take(address) {
      const packed = rows.get(address);
      rows.set(address, '');
      if (packed === undefined) return 'none';
      return packed === '' ? 'seen' : unpack(address, packed);
    },
    *rest() {
      for (const [address, packed] of rows) if (packed !== '') yield unpack(address, packed);
    },
    wasAsked: (name) => names.has(name),
  };
}

function inline({ product = '', version = '', extrainfo = '', certificate, hostKeys }: Detail): string {
  const keys = certificate === undefined && hostKeys === undefined ? '' : JSON.stringify({ certificate, hostKeys });
  return [INLINE, product, version, extrainfo, keys].map(harmless).join(PART);
}

function unlined([product = '', version = '', extrainfo = '', keys = '']: readonly string[]): Detail {
  return detailOf({ product, version, extrainfo, ...(keys === '' ? {} : JSON.parse(keys)) });
}

function items(text: string): string[] {
  return text === '' ? [] : text.split(ITEM);
}

function harmless(text: string): string {
  return text.replaceAll(FIELD, '').replaceAll(ITEM, '').replaceAll(PART, '');
}

function split({ protocol, state, reason, service }: PortObservation): { kind: Kind; detail?: Detail } {
  const open = stateEvidence(state, reason).strength === 'strong-present';
  if (!open || service === undefined) return { kind: { protocol, state, reason } };
  const { name, method, confidence, tunnel, ...rest } = service;
  const kept = { name, method, confidence, ...(tunnel === undefined ? {} : { tunnel }) };
  const kind = { protocol, state, reason, service: kept };
  const detail = detailOf(rest);
  return Object.keys(detail).length === 0 ? { kind } : { kind, detail };
}

function detailOf({ product, version, extrainfo, certificate, hostKeys }: Detail): Detail {
  const detail: Detail = {};
  if (product) detail.product = product;
  if (version) detail.version = version;
  if (extrainfo) detail.extrainfo = extrainfo;
  if (certificate) detail.certificate = certificate;
  if (hostKeys) detail.hostKeys = hostKeys;
  return detail;
}
