import type { HostObservation, PortObservation, PortSet } from '../model/observation.ts';
import { canonicalAddress } from '../network/addresses.ts';
import { type ExtraEntry, expandExtras, extraEntries } from './extra-ports.ts';
import { attribute, child, children, type XmlNode } from './fragment.ts';
import { portOf } from './port.ts';

/** More names than this no resolver gives; the rest would be an attack on memory. */
const MAX_HOSTNAMES = 100;

/** A host arrives in one piece, or in several when it has very many ports. */
export type HostBuilder = {
  add(piece: XmlNode): void;
  /** Undefined when it has no IP address, or nmap did not look (`unknown`, `skipped`). */
  build(covered: PortSet): HostObservation | undefined;
};

export function createHostBuilder(): HostBuilder {
  let timedOut = false;
  let status: XmlNode | undefined;
  const addresses: XmlNode[] = [];
  const hostnames = new Set<string>();
  const ports = new Map<string, PortObservation>();
  const extras: ExtraEntry[] = [];

  function addPorts(node: XmlNode): void {
    for (const port of children(node, 'port').map(portOf)) {
      if (port !== undefined) ports.set(`${port.protocol}/${port.port}`, port);
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
    build(covered) {
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
        extra: expandExtras(extras, covered, listed),
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
