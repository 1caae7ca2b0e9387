import {
  type PortObservation,
  type PortState,
  PROTOCOLS,
  type Protocol,
  type ServiceIdentity,
} from '../model/observation.ts';
import { attribute, child, children, textOf, type XmlNode } from './fragment.ts';

const STATES: readonly PortState[] = ['open', 'closed', 'filtered', 'unfiltered', 'open|filtered', 'closed|filtered'];

/** Which port a `<port>` is about; undefined when it is none of our protocols'. */
export function placeOf(node: XmlNode): { protocol: Protocol; port: number } | undefined {
  const protocol = protocolOf(attribute(node, 'protocol'));
  const number = attribute(node, 'portid') ?? '';
  if (protocol === undefined || !/^\d{1,5}$/.test(number) || Number(number) > 65_535) return undefined;
  return { protocol, port: Number(number) };
}

/** One `<port>`; undefined for states that are none of ours. */
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
  const fingerprint = fingerprintOf(port);
  if (node === undefined && fingerprint === undefined) return undefined;
  const service: ServiceIdentity = { name: 'unknown', method: 'table', confidence: 0 };
  if (node !== undefined) {
    service.name = attribute(node, 'name') ?? 'unknown';
    service.method = attribute(node, 'method') === 'probed' ? 'probed' : 'table';
    service.confidence = Number.parseInt(attribute(node, 'conf') ?? '0', 10) || 0;
    for (const key of ['product', 'version', 'extrainfo', 'tunnel'] as const) {
      const value = attribute(node, key);
      if (value !== undefined) service[key] = value;
    }
  }
  if (fingerprint !== undefined) service.fingerprint = fingerprint;
  return service;
}

/** Scripts whose result is who the service is: `ssl-cert` and `ssh-hostkey`. */
export const IDENTITY_SCRIPT = /\sid\s*=\s*["'](?:ssl-cert|ssh-hostkey)["']/;

function fingerprintOf(port: XmlNode): string | undefined {
  const prints = children(port, 'script').flatMap((script) => {
    const elements = [script, ...children(script, 'table')].flatMap((node) => children(node, 'elem'));
    const byKey = new Map(elements.map((element) => [attribute(element, 'key'), element]));
    if (attribute(script, 'id') === 'ssl-cert') {
      const print = byKey.get('sha256') ?? byKey.get('sha1');
      return print === undefined ? [] : [textOf(print)];
    }
    return elements.filter((element) => attribute(element, 'key') === 'fingerprint').map(textOf);
  });
  const known = prints.filter((print) => print !== '').sort();
  return known.length === 0 ? undefined : known.join(' ');
}
