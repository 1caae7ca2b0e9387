import type { ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { AskedPort, Seen, SeenHost } from '../model/scan.ts';
import { listPorts } from '../network/port-sets.ts';
import { hostEvidence, portLookup } from './evidence.ts';

/** Hosts beyond this are counted but not listed, so that the record of one scan stays bounded. */
const MAX_LISTED = 20_000;

/** Whether the host itself answered; with `-Pn` nmap calls every host up. */
export function hasAnswered(host: HostObservation): boolean {
  return hostEvidence(host).strength === 'strong-present';
}

/** What a scan saw, whatever is believed: who answered, with which open ports. */
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

/** The same host by host, where each address comes once. */
export function createSeen(): { add(host: HostObservation): void; all(): Seen & { hosts: readonly SeenHost[] } } {
  const hosts: SeenHost[] = [];
  let [hostsUp, openPorts] = [0, 0];
  return {
    add(host) {
      if (!hasAnswered(host)) return;
      hostsUp += 1;
      for (const { state } of host.ports) if (state === 'open') openPorts += 1;
      if (hosts.length < MAX_LISTED) hosts.push(seenHost(host));
    },
    all: () => ({ hostsUp, openPorts, hosts }),
  };
}

/** The chunks of a confirmation may scan one host twice, for different ports. */
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

/** What a confirmation received for each port it probed; `hostsOnly`: addresses of which only the host matters. */
export function answersIn(evidence: readonly ScanEvidence[], hostsOnly: ReadonlySet<string>): AskedPort[] {
  return evidence.flatMap((piece) =>
    [...piece.hosts].flatMap((host): AskedPort[] => {
      const { address } = host;
      if (hostsOnly.has(address)) return [{ address, words: hostEvidence(host).words }];
      const answer = portLookup(host);
      return listPorts(piece.coverage.ports).map(({ protocol, port }) => {
        const { words, ...evidenceOf } = answer(protocol, port);
        return { address, protocol, port, words, open: evidenceOf.strength === 'strong-present' };
      });
    }),
  );
}
