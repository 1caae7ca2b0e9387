import type { ExtraPorts, HostObservation, PortObservation, PortState, Protocol } from '../model/observation.ts';
import { inRanges, mergeRanges } from '../network/range-set.ts';

export { compareIdentity, type IdentityComparison, normaliseIdentity, sameIdentity } from './identity.ts';

/**
 * What an observation says about whether a host or service is there.
 * - `strong-present`, `strong-absent`: something answered
 * - `weak-absent`: silence; a lost probe looks the same
 * - `not-open`: covered and certainly not open, but whether it was closed or silent is only known for all such ports of
 *   the host together: `closed` is the share of them that was closed by an answer, above 0 and below 1
 * - `none`: no evidence either way, or not covered
 */
export type Evidence = {
  /** Plain words for the alert: `closed: reset received`. */
  words: string;
} & (
  | { strength: 'strong-present' | 'strong-absent' | 'weak-absent' | 'none' }
  | { strength: 'not-open'; closed: number }
);

/** Evidence of a single answer or silence. */
type Answer = Exclude<Evidence, { strength: 'not-open' }>;

/** Answers that deny a port: a host replied that it is closed. */
const DENIALS: ReadonlySet<string> = new Set([
  'reset',
  'conn-refused',
  'port-unreach',
  'proto-unreach',
  'abort',
  // masscan's word for a reset.
  'rst',
  'rst-ack',
]);

/**
 * Answers of a filter. `host-unreach`, `net-unreach` and `time-exceeded` are left out: a router also sends those when
 * an ARP request was lost or a route flaps, so they are no better than silence.
 */
const REJECTIONS: ReadonlySet<string> = new Set([
  'admin-prohibited',
  'host-prohibited',
  'net-prohibited',
  'port-unreach',
  'proto-unreach',
  'reject-route',
  'perm-denied',
]);

const NOT_COVERED: Answer = { strength: 'none', words: 'not covered by this scan' };

/** For a host that a covering scan does not list: nmap omits down hosts unless `-v`. */
export const MISSING_HOST: Answer = { strength: 'weak-absent', words: 'no answer in one scan' };

/** The evidence in a port's state and nmap's reason for it. */
export function stateEvidence(state: PortState, reason: string): Answer {
  switch (state) {
    case 'open':
      return { strength: 'strong-present', words: `open: ${said(reason)}` };
    case 'closed':
      // No reason given: nmap before 4.50 and other writers, which call a port closed only when it answered so.
      if (reason === 'unknown') return { strength: 'strong-absent', words: 'closed' };
      return DENIALS.has(reason)
        ? { strength: 'strong-absent', words: `closed: ${said(reason)}` }
        : { strength: 'weak-absent', words: `closed: ${reason}` };
    case 'filtered':
      return filteredEvidence(reason);
    case 'closed|filtered':
      return { strength: 'weak-absent', words: `closed or filtered: ${reason}` };
    case 'open|filtered':
      return { strength: 'none', words: 'no answer: open or filtered' };
    case 'unfiltered':
      return { strength: 'none', words: 'reachable: open or closed' };
  }
}

/** The evidence in one entry of a host's extra ports, for each port in it. */
export function extraEvidence({ state, reason, closed, ports }: ExtraPorts): Evidence {
  if (closed === undefined) return stateEvidence(state, reason);
  const count = ports.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (closed >= count) return { strength: 'strong-absent', words: 'closed, as all ports that are not listed' };
  const words = `not open: one of ${count} ports that are not listed, ${closed} of them closed and the others silent`;
  return closed === 0 ? { strength: 'weak-absent', words } : { strength: 'not-open', closed: closed / count, words };
}

/** nmap's reason as a statement. */
function said(reason: string): string {
  if (reason === 'conn-refused') return 'connection refused';
  if (reason === 'port-unreach') return 'ICMP port unreachable received';
  return `${reason} received`;
}

function filteredEvidence(reason: string): Answer {
  if (REJECTIONS.has(reason)) return { strength: 'strong-absent', words: `filtered: a filter rejects it (${reason})` };
  const words = reason === 'no-response' ? 'no answer: filtered or the probe was lost' : `filtered: ${reason}`;
  return { strength: 'weak-absent', words };
}

/** What one observation says about the host itself. */
export function hostEvidence(host: HostObservation): Answer {
  if (host.status === 'down') {
    const words = host.reason === 'no-response' ? MISSING_HOST.words : `down: ${host.reason}`;
    return { strength: 'weak-absent', words };
  }
  if (host.reason !== 'user-set') return { strength: 'strong-present', words: `up: ${host.reason}` };
  return portAnswer(host) ?? { strength: 'none', words: 'up was assumed, and no port answered' };
}

/** With `-Pn` "up" is only assumed; any port that answered proves it. */
function portAnswer(host: HostObservation): Answer | undefined {
  for (const { state, reason } of [...host.ports, ...host.extra]) {
    const { strength, words } = stateEvidence(state, reason);
    if (
      state === 'unfiltered' ||
      strength === 'strong-present' ||
      (state === 'closed' && strength === 'strong-absent')
    ) {
      return { strength: 'strong-present', words: `up: a port answered (${words})` };
    }
  }
  const counted = host.extra.some(({ closed = 0 }) => closed > 0);
  return counted ? { strength: 'strong-present', words: 'up: a port answered (closed)' } : undefined;
}

export type PortLookup = (protocol: Protocol, port: number) => Evidence;
/** The state that was seen and nmap's reason; undefined for a port that was not covered. */
export type SeenPort = { state: PortState; reason: string } & ({ port: PortObservation } | { among: ExtraPorts });

/** Looks up what was seen of any port of a host, in logarithmic time; build it once per host. */
export function seenPorts(host: HostObservation): (protocol: Protocol, port: number) => SeenPort | undefined {
  const listed = new Map<string, PortObservation>(host.ports.map((port) => [`${port.protocol}/${port.port}`, port]));
  const extras = host.extra.map((extra) => ({ extra, ports: mergeRanges(extra.ports) }));
  return (protocol, port) => {
    const one = listed.get(`${protocol}/${port}`);
    if (one !== undefined) return { state: one.state, reason: one.reason, port: one };
    const among = extras.find(({ extra, ports }) => extra.protocol === protocol && inRanges(ports, port))?.extra;
    return among === undefined ? undefined : { state: among.state, reason: among.reason, among };
  };
}

/**
 * Looks up the evidence for any port of a host; build it once per host. Most are never used, so the work starts with
 * the first query.
 */
export function portLookup(host: HostObservation, known?: ReturnType<typeof seenPorts>): PortLookup {
  if (host.timedOut) return () => ({ strength: 'none', words: 'the host timed out: its ports say nothing' });
  if (host.status === 'down') return () => ({ strength: 'none', words: 'the host did not answer' });
  let seen = known;
  return (protocol, port) => {
    seen ??= seenPorts(host);
    const found = seen(protocol, port);
    if (found === undefined) return NOT_COVERED;
    return 'among' in found ? extraEvidence(found.among) : stateEvidence(found.state, found.reason);
  };
}

/** A single look-up; use `portLookup` for several ports of one host. */
export function portEvidence(host: HostObservation, protocol: Protocol, port: number): Evidence {
  return portLookup(host)(protocol, port);
}
