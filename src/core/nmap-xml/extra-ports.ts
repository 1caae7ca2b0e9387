import type { ExtraPorts, PortRange, PortState, Protocol, RunHeader } from '../model/observation.ts';
import { portSet } from '../network/port-sets.ts';
import { parsePortRanges } from '../network/ports.ts';
import { condensedPorts } from './condensed-ports.ts';
import { attribute, children, type XmlNode } from './fragment.ts';
import { protocolOf, reasonOf, stateOf } from './port.ts';

/** One `<extrareasons>`; without ranges when nmap was too old to write them. */
export type ExtraEntry = {
  /** Undefined for a state without meaning, such as `unknown`. */
  state: PortState | undefined;
  reason: string;
  /** Undefined when it was not written. */
  count: number | undefined;
  protocol?: Protocol;
  ports?: readonly PortRange[];
};

/** More entries than a host can have states, reasons and protocols; the rest would be an attack on memory. */
const MAX_ENTRIES = 1000;

export function extraEntries(ports: XmlNode): ExtraEntry[] {
  return children(ports, 'extraports').flatMap((extra) => {
    const state = stateOf(attribute(extra, 'state'));
    const reasons = children(extra, 'extrareasons');
    if (reasons.length === 0) return [{ state, reason: 'unknown', count: countOf(extra) }];
    return reasons.map((node) => {
      const protocol = protocolOf(attribute(node, 'proto'));
      const list = attribute(node, 'ports');
      return {
        state,
        reason: reasonOf(attribute(node, 'reason')),
        count: countOf(node),
        ...(protocol === undefined ? {} : { protocol }),
        ...(list === undefined ? {} : { ports: parsePortRanges(list) }),
      };
    });
  });
}

function countOf(node: XmlNode): number | undefined {
  const text = attribute(node, 'count') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

/**
 * The entries with their ports: as listed, or what the counts of an nmap before 7.92 reveal about the ports that are
 * not listed.
 */
export function expandExtras(
  entries: readonly ExtraEntry[],
  header: Pick<RunHeader, 'ports' | 'scanTypes'>,
  listed: Iterable<{ protocol: Protocol; port: number }>,
): ExtraPorts[] {
  const kept = entries.slice(0, MAX_ENTRIES);
  if (!kept.some(({ ports }) => ports !== undefined)) return condensedPorts(kept, header, listed);
  const byKind = new Map<string, ExtraPorts>();
  for (const { state, reason, protocol = 'tcp', ports = [] } of kept) {
    if (state === undefined || ports.length === 0) continue;
    const key = `${state} ${reason} ${protocol}`;
    const known = byKind.get(key)?.ports ?? [];
    const merged = known.length === 0 ? ports : (portSet({ tcp: [...known, ...ports] }).tcp ?? []);
    byKind.set(key, { state, reason, protocol, ports: merged });
  }
  return [...byKind.values()];
}
