import type { ExtraPorts, HostObservation, PortObservation, PortState } from '../model/observation.ts';
import { portSet, subtractPorts } from '../network/port-sets.ts';

/** Strongest first: an open port was open, whatever another probe of the same run received. */
const STATES: readonly PortState[] = ['open', 'closed', 'unfiltered', 'filtered', 'closed|filtered', 'open|filtered'];

/** The hosts of one run, each address once. */
export function mergedHosts(hosts: readonly HostObservation[]): readonly HostObservation[] {
  const byAddress = new Map<string, HostObservation>();
  for (const host of hosts) {
    const known = byAddress.get(host.address);
    byAddress.set(host.address, known === undefined ? host : mergeHosts(known, host));
  }
  return byAddress.size === hosts.length ? hosts : [...byAddress.values()];
}

/**
 * Two entries of one run for the same address: nmap writes one for each time the address is among its targets, masscan
 * one for each port.
 */
export function mergeHosts(a: HostObservation, b: HostObservation): HostObservation {
  if (a.status !== b.status) return a.status === 'up' ? a : b;
  // The ports of a host that timed out are no evidence.
  if (a.timedOut !== b.timedOut) return a.timedOut ? b : a;
  const ports = new Map<string, PortObservation>();
  for (const port of [...a.ports, ...b.ports]) {
    const key = `${port.protocol}/${port.port}`;
    ports.set(key, stronger(ports.get(key), port));
  }
  const askedAs = [...new Set([...(a.askedAs ?? []), ...(b.askedAs ?? [])])];
  return {
    ...b,
    ...a,
    hostnames: [...new Set([...a.hostnames, ...b.hostnames])],
    ...(askedAs.length === 0 ? {} : { askedAs }),
    ports: [...ports.values()],
    extra: mergeExtras([...a.extra, ...b.extra], [...ports.values()]),
    ...(a.scripts === undefined || b.scripts === undefined ? {} : { scripts: [...a.scripts, ...b.scripts] }),
  };
}

function stronger(known: PortObservation | undefined, other: PortObservation): PortObservation {
  if (known === undefined) return other;
  const [first, second] = STATES.indexOf(known.state) <= STATES.indexOf(other.state) ? [known, other] : [other, known];
  if (first.state !== 'open' || second.state !== 'open') return first;
  // masscan writes one entry for the port and another for each banner.
  return first.service?.method === 'probed' || second.service === undefined ? first : second;
}

/** Each port is in one entry only, and in none when it is listed by itself. */
function mergeExtras(extras: readonly ExtraPorts[], listed: readonly PortObservation[]): ExtraPorts[] {
  let taken = portSet({});
  const merged: ExtraPorts[] = [];
  for (const extra of extras.toSorted((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state))) {
    const { protocol } = extra;
    const own = listed.filter((port) => port.protocol === protocol).map(({ port }) => [port, port] as const);
    const known = portSet({ ...taken, [protocol]: [...(taken[protocol] ?? []), ...own] });
    const ports = subtractPorts(portSet({ [protocol]: extra.ports }), known)[protocol] ?? [];
    taken = portSet({ ...known, [protocol]: [...(known[protocol] ?? []), ...extra.ports] });
    if (ports.length > 0) merged.push({ ...extra, ports });
  }
  return merged;
}
