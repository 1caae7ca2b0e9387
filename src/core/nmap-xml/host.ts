import type { HostObservation, PortObservation, Protocol, RunHeader } from '../model/observation.ts';
import { canonicalAddress } from '../network/addresses.ts';
import { type ExtraEntry, expandExtras, extraEntries } from './extra-ports.ts';
import { attribute, child, children, type XmlNode } from './fragment.ts';
import { placeOf, portOf } from './port.ts';

/** More names than this no resolver gives; the rest would be an attack on memory. */
const MAX_HOSTNAMES = 100;

/** A host arrives in one piece, or in several when it has very many ports. */
export type HostBuilder = {
  add(piece: XmlNode): void;
  /** Undefined when it has no IP address, or nmap did not look (`unknown`, `skipped`). */
  build(header: Pick<RunHeader, 'ports' | 'scanTypes'>): HostObservation | undefined;
};

export function createHostBuilder(): HostBuilder {
  let timedOut = false;
  let status: XmlNode | undefined;
  const addresses: XmlNode[] = [];
  const hostnames = new Set<string>();
  const ports = new Map<string, PortObservation>();
  /** Listed in a state that says nothing. */
  const unusable = new Map<string, { protocol: Protocol; port: number }>();
  const extras: ExtraEntry[] = [];

  function addPorts(node: XmlNode): void {
    for (const element of children(node, 'port')) {
      const place = placeOf(element);
      if (place === undefined) continue;
      const port = portOf(element, place);
      const key = `${place.protocol}/${place.port}`;
      if (port === undefined) unusable.set(key, place);
      else ports.set(key, port);
    }
    extras.push(...extraEntries(node));
  }

  return {
    add(piece) {
      if (attribute(piece, 'timedout') === 'true') timedOut = true;
      status ??= child(piece, 'status');
      addresses.push(...children(piece, 'address'));
      for (const list of children(piece, 'hostnames')) {
        for (const hostname of children(list, 'hostname')) {
          const name = attribute(hostname, 'name');
          if (name !== undefined && hostnames.size < MAX_HOSTNAMES) hostnames.add(name);
        }
      }
      for (const node of children(piece, 'ports')) addPorts(node);
    },
    build(header) {
      const state = status === undefined ? undefined : attribute(status, 'state');
      const address = ipAddress(addresses);
      if (address === undefined || (state !== 'up' && state !== 'down')) return undefined;
      const reason = status === undefined ? undefined : attribute(status, 'reason');
      const listed = [...ports.values()];
      return {
        address,
        ...macOf(addresses),
        hostnames: [...hostnames],
        status: state,
        reason: reason ?? 'unknown',
        timedOut,
        ports: listed,
        extra: expandExtras(extras, header, [...listed, ...unusable.values()]),
      };
    },
  };
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
