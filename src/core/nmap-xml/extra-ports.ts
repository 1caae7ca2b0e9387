import type { ExtraPorts, PortObservation, PortRange, PortSet, PortState, Protocol } from '../model/observation.ts';
import { PROTOCOLS } from '../model/observation.ts';
import { parsePortRanges, portSet, subtractPorts } from '../network/ports.ts';
import { attribute, children, type XmlNode } from './fragment.ts';
import { protocolOf, reasonOf, stateOf } from './port.ts';

/** One `<extrareasons>`; without ranges when nmap was too old to write them. */
export type ExtraEntry = { state: PortState; reason: string; protocol?: Protocol; ports?: readonly PortRange[] };

/** More entries than a host can have states, reasons and protocols: the rest would be an attack on memory. */
const MAX_ENTRIES = 1000;

export function extraEntries(ports: XmlNode): ExtraEntry[] {
  return children(ports, 'extraports').flatMap((extra) => {
    const state = stateOf(attribute(extra, 'state'));
    if (state === undefined) return [];
    const reasons = children(extra, 'extrareasons');
    if (reasons.length === 0) return [{ state, reason: 'unknown' }];
    return reasons.map((node) => {
      const protocol = protocolOf(attribute(node, 'proto'));
      const list = attribute(node, 'ports');
      return {
        state,
        reason: reasonOf(attribute(node, 'reason')),
        ...(protocol === undefined ? {} : { protocol }),
        ...(list === undefined ? {} : { ports: parsePortRanges(list) }),
      };
    });
  });
}

/**
 * The entries with their ports. nmap before 7.90 wrote only a count: a single entry of a scan of one protocol then
 * stands for all covered ports that are not listed; anything else can't be told apart and counts as not covered.
 */
export function expandExtras(
  entries: readonly ExtraEntry[],
  covered: PortSet,
  listed: readonly PortObservation[],
): ExtraPorts[] {
  const byKind = new Map<string, ExtraPorts>();
  for (const { state, reason, protocol = 'tcp', ports = [] } of entries.slice(0, MAX_ENTRIES)) {
    const key = `${state} ${reason} ${protocol}`;
    const known = byKind.get(key)?.ports ?? [];
    const merged = known.length === 0 ? ports : (portSet({ tcp: [...known, ...ports] }).tcp ?? []);
    if (ports.length > 0) byKind.set(key, { state, reason, protocol, ports: merged });
  }
  if (byKind.size > 0) return [...byKind.values()];
  const [only, ...others] = entries;
  const [protocol, ...otherProtocols] = PROTOCOLS.filter((candidate) => covered[candidate] !== undefined);
  if (only === undefined || protocol === undefined || others.length > 0 || otherProtocols.length > 0) return [];
  const numbers = listed.map((port) => ({ protocol: port.protocol, range: [port.port, port.port] as const }));
  const taken = numbers.filter((number) => number.protocol === protocol).map((number) => number.range);
  const ports = subtractPorts({ [protocol]: covered[protocol] ?? [] }, portSet({ [protocol]: taken }))[protocol] ?? [];
  return ports.length === 0 ? [] : [{ state: only.state, reason: only.reason, protocol, ports }];
}
