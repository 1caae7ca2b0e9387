import { type ExtraPorts, type PortState, PROTOCOLS, type Protocol, type RunHeader } from '../model/observation.ts';
import { countPorts, portsOf, subtractPorts } from '../network/port-sets.ts';

/** A number of ports in one state for one reason; nmap before 7.92 did not write which ports. */
export type CountedPorts = { state: PortState | undefined; reason: string; count: number | undefined };

type Place = { protocol: Protocol; port: number };
type Share = { state: PortState | undefined; reason: string; count: number };

/** Scans to which an open TCP port gives no answer. */
const SILENT_WHEN_OPEN: ReadonlySet<string> = new Set(['fin', 'null', 'xmas', 'maimon']);
const NOT_OPEN: ReadonlySet<PortState | undefined> = new Set<PortState>(['closed', 'filtered', 'closed|filtered']);

/**
 * What the counts reveal about the ports that were covered and are not listed. One state: all ports are in it. Several
 * states other than open: none of the ports is open, and how many were closed is known. If one of the states might be
 * open, or the counts don't add up to the ports, they reveal nothing.
 */
export function condensedPorts(
  entries: readonly CountedPorts[],
  { ports, scanTypes }: Pick<RunHeader, 'ports' | 'scanTypes'>,
  listed: Iterable<Place>,
): ExtraPorts[] {
  const rest = subtractPorts(ports, portsOf(listed));
  const protocols = PROTOCOLS.filter((protocol) => rest[protocol] !== undefined);
  const counted = countedOf(entries, countPorts(rest));
  if (counted === undefined) return [];
  const sizes = new Map(protocols.map((protocol) => [protocol, countPorts({ [protocol]: rest[protocol] ?? [] })]));
  const shares = sharesOf(counted, sizes, scanTypes);
  return protocols.flatMap((protocol) => {
    const extra = together(shares?.get(protocol) ?? []);
    return extra === undefined ? [] : [{ ...extra, protocol, ports: rest[protocol] ?? [] }];
  });
}

/** Undefined when they don't add up. A single entry without a count stands for all ports. */
function countedOf(entries: readonly CountedPorts[], total: number): Share[] | undefined {
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0 && only.count === undefined) return [{ ...only, count: total }];
  const counted = entries.map((entry) => ({ ...entry, count: entry.count ?? Number.NaN }));
  const sum = counted.reduce((all, { count }) => all + count, 0);
  return sum === total && total > 0 ? counted.filter(({ count }) => count > 0) : undefined;
}

/** Assigns counts to protocols: first by answers that only one protocol can give, then by what is left to count. */
function sharesOf(
  counted: readonly Share[],
  sizes: ReadonlyMap<Protocol, number>,
  scanTypes: readonly string[],
): Map<Protocol, Share[]> | undefined {
  const left = new Map(sizes);
  const shares = new Map<Protocol, Share[]>([...sizes.keys()].map((protocol) => [protocol, []]));
  const shared: Share[] = [];
  for (const share of counted) {
    const [only, ...more] = possibleProtocols(share, scanTypes).filter((protocol) => sizes.has(protocol));
    if (only === undefined) return undefined;
    if (more.length > 0) shared.push(share);
    else {
      shares.get(only)?.push(share);
      left.set(only, (left.get(only) ?? 0) - share.count);
    }
  }
  for (const [protocol, count] of left) {
    if (count < 0) return undefined;
    // None of a count that two protocols share is known to belong to this one.
    if (count > 0) shares.get(protocol)?.push(...shared.map((share) => ({ ...share, count: 0 })));
  }
  return shares;
}

function possibleProtocols({ state, reason }: Share, scanTypes: readonly string[]): readonly Protocol[] {
  if (reason === 'reset' || reason === 'conn-refused') return ['tcp'];
  if (reason === 'abort') return ['sctp'];
  if (reason === 'proto-unreach' && state === 'closed') return ['ip'];
  if (reason === 'port-unreach' && state === 'closed') return ['udp'];
  if (state === 'open|filtered') return scanTypes.some((type) => SILENT_WHEN_OPEN.has(type)) ? PROTOCOLS : ['udp'];
  return state === 'filtered' && reason === 'no-response' ? ['tcp', 'sctp'] : PROTOCOLS;
}

function together(shares: readonly Share[]): Pick<ExtraPorts, 'state' | 'reason' | 'closed'> | undefined {
  const [first, ...others] = shares;
  if (first?.state === undefined) return undefined;
  if (others.every(({ state, reason }) => state === first.state && reason === first.reason)) {
    return { state: first.state, reason: first.reason };
  }
  if (!shares.every(({ state }) => NOT_OPEN.has(state))) return undefined;
  const closed = shares.filter(({ state }) => state === 'closed').reduce((sum, { count }) => sum + count, 0);
  return { state: 'closed|filtered', reason: 'not-listed', closed };
}
