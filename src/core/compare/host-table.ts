import type { ExtraPorts, HostObservation, PortObservation, PortSet, ServiceIdentity } from '../model/observation.ts';
import { type Evidence, hostEvidence, stateEvidence } from './evidence.ts';
import { packExtras, unpackExtras } from './host-extras.ts';
import { createPool } from './pool.ts';

/** What is told of a host that is gone. */
export type HostRecord = Pick<HostObservation, 'address' | 'hostnames'> & { evidence: Evidence };

/**
 * The hosts of a run in little memory: one short string each, what they have in common kept once. A run of 150 MB of
 * XML takes some ten MB. Each address once; the first that is added counts. What is not compared is not kept:
 * services of ports that are not open, extra information, MAC addresses.
 */
export type HostTable = {
  add(host: HostObservation): void;
  /** The host, once; an address is `seen` afterwards, whether it was there or not. */
  take(address: string): HostObservation | 'none' | 'seen';
  /** Those that were not taken. */
  rest(): IterableIterator<HostRecord>;
};

/** Everything of a host but its lists, with what it is worth. */
type Head = Pick<HostObservation, 'status' | 'reason' | 'timedOut'> & { evidence: Evidence };
type Kind = Omit<PortObservation, 'port' | 'service'> & {
  service?: Pick<ServiceIdentity, 'name' | 'method' | 'confidence' | 'tunnel'>;
};
type Detail = Pick<ServiceIdentity, 'product' | 'version' | 'fingerprint'>;
type ExtraKind = Omit<ExtraPorts, 'ports'>;

/**
 * Rows are text with control characters between, which no XML holds: `JSON.parse` would leave every short string in
 * V8's old space, hundreds of MB before the next collection.
 */
const [FIELD, ITEM, PART] = ['\u0000', '\u0001', '\u0002'] as const;
/** Products and versions repeat; where more than so many do not, each stands in its row. */
const MAX_POOLED = 4096;
const INLINE = '=';

/** `covered` as in the run's header. */
export function createHostTable(covered: PortSet): HostTable {
  const rows = new Map<string, string>();
  const heads = createPool<Head>();
  const kinds = createPool<Kind>();
  const details = createPool<Detail>();
  const extraKinds = createPool<ExtraKind>();

  function pack(host: HostObservation): string {
    const { hostnames, status, reason, timedOut } = host;
    const extras = packExtras(host.extra, host.ports, covered);
    const fields = [
      heads.id({ status, reason, timedOut, evidence: hostEvidence(host) }),
      hostnames.map(harmless).join(ITEM),
      host.ports.map(packPort).join(ITEM),
      extras.map(({ ports = '', ...kind }) => [extraKinds.id(kind), ports].join(PART)).join(ITEM),
    ];
    return fields.join(FIELD);
  }

  function packPort(port: PortObservation): string {
    const { kind, detail } = split(port);
    const known = detail === undefined ? '' : details.id(detail, MAX_POOLED);
    return [port.port, kinds.id(kind), known ?? inline(detail)].join(PART);
  }

  function unpackPort(cell: string): PortObservation {
    const [port, kindId = '', known = '', product = '', version = '', fingerprint = ''] = cell.split(PART);
    const { service, ...kind } = kinds.value(kindId);
    const base = { ...kind, port: Number(port) };
    if (service === undefined) return base;
    if (known === '') return { ...base, service };
    const detail = known === INLINE ? detailOf({ product, version, fingerprint }) : details.value(known);
    return { ...base, service: { ...service, ...detail } };
  }

  function unpack(address: string, packed: string): HostObservation {
    const [headId = '', hostnames = '', cells = '', extras = ''] = packed.split(FIELD);
    const { evidence: _, ...head } = heads.value(headId);
    const ports = items(cells).map(unpackPort);
    const packedExtras = items(extras).map((item) => {
      const [kind = '', ranges = ''] = item.split(PART);
      return { ...extraKinds.value(kind), ...(ranges === '' ? {} : { ports: ranges }) };
    });
    return { address, ...head, hostnames: items(hostnames), ports, extra: unpackExtras(packedExtras, ports, covered) };
  }

  return {
    add(host) {
      if (!rows.has(host.address)) rows.set(host.address, pack(host));
    },
    take(address) {
      const packed = rows.get(address);
      rows.set(address, '');
      if (packed === undefined) return 'none';
      return packed === '' ? 'seen' : unpack(address, packed);
    },
    *rest() {
      for (const [address, packed] of rows) {
        const [headId = '', hostnames = ''] = packed.split(FIELD, 2);
        if (packed !== '') yield { address, hostnames: items(hostnames), evidence: heads.value(headId).evidence };
      }
    },
  };
}

function inline({ product = '', version = '', fingerprint = '' }: Detail = {}): string {
  return [INLINE, harmless(product), harmless(version), harmless(fingerprint)].join(PART);
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
  const { extrainfo: _, product = '', version = '', fingerprint = '', ...kept } = service;
  const kind = { protocol, state, reason, service: kept };
  if (product + version + fingerprint === '') return { kind };
  return { kind, detail: detailOf({ product, version, fingerprint }) };
}

function detailOf({ product, version, fingerprint }: Required<Detail>): Detail {
  const detail: Detail = {};
  if (product !== '') detail.product = product;
  if (version !== '') detail.version = version;
  if (fingerprint !== '') detail.fingerprint = fingerprint;
  return detail;
}
