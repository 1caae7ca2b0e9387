import {
  type PortObservation,
  type PortState,
  PROTOCOLS,
  type Protocol,
  type ServiceIdentity,
} from '../model/observation.ts';
import { attribute, child, children, type XmlNode } from './fragment.ts';
import { identitiesOf } from './identity-scripts.ts';

const STATES: readonly PortState[] = ['open', 'closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered'];

/** The place of a `<port>`; undefined for a protocol that NetDelta does not know. */
export function placeOf(node: XmlNode): { protocol: Protocol; port: number } | undefined {
  const protocol = protocolOf(attribute(node, 'protocol'));
  const number = attribute(node, 'portid') ?? '';
  if (protocol === undefined || !/^\d{1,5}$/.test(number) || Number(number) > 65_535) return undefined;
  return { protocol, port: Number(number) };
}

/** One `<port>`; undefined for unknown states. */
export function portOf(node: XmlNode, place: { protocol: Protocol; port: number }): PortObservation | undefined {
  const stateNode = child(node, 'state');
  const state = stateNode === undefined ? undefined : stateOf(attribute(stateNode, 'state'));
  if (stateNode === undefined || state === undefined) return undefined;
  const service = serviceOf(node);
  return {
    ...place,
    state,
    reason: reasonOf(attribute(stateNode, 'reason')),
    ...(service === undefined ? {} : { service }),
  };
}

export function protocolOf(text: string | undefined): Protocol | undefined {
  return PROTOCOLS.find((protocol) => protocol === text);
}

export function stateOf(text: string | undefined): PortState | undefined {
  return STATES.find((state) => state === text);
}

/** Before 7.90 nmap wrote the reasons of several ports in the plural: `resets`, `port-unreaches`. */
export function reasonOf(text: string | undefined): string {
  if (text === undefined) return 'unknown';
  if (text.endsWith('unreaches')) return text.slice(0, -2);
  return /(?:reset|response|syn-ack|prohibited|denied|abort|exceeded)s$/.test(text) ? text.slice(0, -1) : text;
}

function serviceOf(port: XmlNode): ServiceIdentity | undefined {
  const node = child(port, 'service');
  const identities = identitiesOf(children(port, 'script'));
  if (node === undefined && Object.keys(identities).length === 0) return undefined;
  const service: ServiceIdentity = { name: 'unknown', method: 'table', confidence: 0, ...identities };
  if (node === undefined) return service;
  service.name = attribute(node, 'name') ?? 'unknown';
  service.method = attribute(node, 'method') === 'probed' ? 'probed' : 'table';
  service.confidence = Number.parseInt(attribute(node, 'conf') ?? '0', 10) || 0;
  for (const key of ['product', 'version', 'extrainfo', 'tunnel'] as const) {
    const value = attribute(node, key);
    if (value !== undefined) service[key] = value;
  }
  return service;
}
