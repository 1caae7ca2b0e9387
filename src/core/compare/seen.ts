import type { ScanEvidence } from '../model/judgement.ts';
import { type HostObservation, PROTOCOLS, type Protocol } from '../model/observation.ts';
import type { AskedPort, Seen, SeenHost } from '../model/scan.ts';
import { hostEvidence, portLookup } from './evidence.ts';

/** Counted beyond it, but not listed: what holds a list of a network has a /16 in mind, not its every host. */
const MAX_LISTED = 20_000;

/** Whether it answered itself; with `-Pn` nmap calls every host up. */
export function hasAnswered(host: HostObservation): boolean {
  return hostEvidence(host).strength === 'strong-present';
}

/** What a scan saw by itself, whatever is believed: who answered, with which open ports. */
export function seenIn(evidence: readonly ScanEvidence[]): Seen {
  const found = new Map<string, SeenHost>();
  for (const piece of evidence) for (const host of piece.hosts) if (hasAnswered(host)) add(found, host);
  const hosts = [...found.values()];
  const steady = evidence.flatMap((piece) => piece.steady ?? []);
  return {
    hostsUp: steady.reduce((sum, counts) => sum + counts.hosts, hosts.length),
    openPorts: [...hosts.map((host) => host.ports.length), ...steady.map(({ open }) => open)].reduce(
      (a, b) => a + b,
      0,
    ),
    hosts: hosts.slice(0, MAX_LISTED),
  };
}

/** The chunks of a confirmation may ask one host twice, for different ports. */
function add(found: Map<string, SeenHost>, host: HostObservation): void {
  const known = found.get(host.address);
  const seen = seenHost(host);
  if (known === undefined) found.set(host.address, seen);
  else {
    const timedOut = seen.timedOut || known.timedOut;
    found.set(host.address, { ...seen, timedOut, ports: [...known.ports, ...seen.ports] });
  }
}

/** One host with the ports that were open. */
export function seenHost({ address, hostnames, timedOut, ports }: HostObservation): SeenHost {
  const open = ports.filter(({ state }) => state === 'open');
  return {
    ...{ address, hostnames, timedOut },
    ports: open.map(({ protocol, port, service }) => ({
      ...{ protocol, port },
      ...(service === undefined ? {} : { service }),
    })),
  };
}

/** What a confirmation was answered, for each port that it asked; `hostsOnly`: addresses of which just the host matters. */
export function answersIn(evidence: readonly ScanEvidence[], hostsOnly: ReadonlySet<string>): AskedPort[] {
  return evidence.flatMap((piece) =>
    [...piece.hosts].flatMap((host): AskedPort[] => {
      const { address } = host;
      if (hostsOnly.has(address)) return [{ address, words: hostEvidence(host).words }];
      const answer = portLookup(host);
      return askedPorts(piece).map(({ protocol, port }) => {
        const { words, ...evidenceOf } = answer(protocol, port);
        return { address, protocol, port, words, open: evidenceOf.strength === 'strong-present' };
      });
    }),
  );
}

function askedPorts({ coverage }: ScanEvidence): { protocol: Protocol; port: number }[] {
  return PROTOCOLS.flatMap((protocol) =>
    (coverage.ports[protocol] ?? []).flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, index) => ({ protocol, port: first + index })),
    ),
  );
}
