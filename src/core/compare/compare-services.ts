import type { DeltaSide, JudgedDelta } from '../model/delta.ts';
import type { HostObservation, PortObservation, Protocol } from '../model/observation.ts';
import { CERTAIN, comparedDelta, LIKELY, openPorts, type Untold } from './compared-delta.ts';
import { compareIdentity, type PortLookup, portLookup, stateEvidence } from './evidence.ts';

/** So many ports newly open, and most of what answers open: a tarpit or a proxy in front of the host. */
const FLOOD_NEW = 50;
const FLOOD_SHARE = 0.6;

/** Services of a host that is there in both observations. `identities` is false when another nmap read them. */
export function compareServices(
  before: HostObservation,
  after: HostObservation,
  { identities, untold }: { identities: boolean; untold: Untold },
): JudgedDelta[] {
  const wasOpen = new Map([...openPorts(before)].map((port) => [key(port), port]));
  const added: JudgedDelta[] = [];
  const changed: JudgedDelta[] = [];
  const lookBefore = portLookup(before);
  const lookAfter = portLookup(after);
  for (const port of after.timedOut ? [] : openPorts(after)) {
    const known = wasOpen.get(key(port));
    if (known === undefined) added.push(...serviceAdded(after.address, port, lookBefore, untold));
    else if (identities && !before.timedOut) changed.push(...serviceChanged(after.address, known, port, untold));
    wasOpen.delete(key(port));
  }
  const gone = before.timedOut ? [] : [...wasOpen.values()];
  const removed = gone.flatMap((port) => serviceRemoved(before.address, port, lookAfter, untold));
  return [...withoutFlood(after, added), ...removed, ...changed];
}

function serviceAdded(address: string, port: PortObservation, look: PortLookup, untold: Untold): JudgedDelta[] {
  const { strength, words } = look(port.protocol, port.port);
  if (strength !== 'strong-absent') {
    if (strength === 'weak-absent') untold.silent++;
    else untold.uncovered++;
    return [];
  }
  const now = stateEvidence(port.state, port.reason).words;
  const sides = { before: { present: false }, after: present(port) };
  return [
    onPort(
      comparedDelta('service-added', address, { chance: CERTAIN, ...sides, evidence: [now, `before: ${words}`] }),
      port,
    ),
  ];
}

function serviceRemoved(address: string, port: PortObservation, look: PortLookup, untold: Untold): JudgedDelta[] {
  const { strength, words } = look(port.protocol, port.port);
  if (strength !== 'strong-absent') {
    if (strength === 'weak-absent') untold.silent++;
    else untold.uncovered++;
    return [];
  }
  const was = stateEvidence(port.state, port.reason).words;
  const sides = { before: present(port), after: { present: false } };
  return [
    onPort(
      comparedDelta('service-removed', address, { chance: CERTAIN, ...sides, evidence: [words, `before: ${was}`] }),
      port,
    ),
  ];
}

function serviceChanged(
  address: string,
  before: PortObservation,
  after: PortObservation,
  untold: Untold,
): JudgedDelta[] {
  const { strength, words } = compareIdentity(before.service, after.service);
  if (strength === 'weak-changed') untold.identities++;
  if (strength !== 'strong-changed') return [];
  const sides = { before: present(before), after: present(after) };
  return [onPort(comparedDelta('service-changed', address, { chance: LIKELY, ...sides, evidence: [words] }), after)];
}

/** Many new services at once are one thing in front of the host, not many services. */
function withoutFlood(after: HostObservation, added: readonly JudgedDelta[]): readonly JudgedDelta[] {
  if (added.length < FLOOD_NEW) return added;
  const open = [...openPorts(after)];
  const closed = after.ports.filter((port) => port.state === 'closed').length;
  const alsoClosed = after.extra.filter((extra) => extra.state === 'closed').flatMap((extra) => extra.ports);
  const answers = open.length + closed + alsoClosed.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (open.length / answers < FLOOD_SHARE) return added;
  const evidence = [`${added.length} ports open at once`, 'a tarpit, or a proxy that accepts for others'];
  const sides = { before: { present: false }, after: { present: true } };
  const members = open.map(({ port, protocol }) => `${port}/${protocol}`);
  return [{ ...comparedDelta('all-ports-open', after.address, { chance: CERTAIN, ...sides, evidence }), members }];
}

function onPort(about: JudgedDelta, { protocol, port }: { protocol: Protocol; port: number }): JudgedDelta {
  return { ...about, protocol, port };
}

function present({ service }: PortObservation): DeltaSide {
  return service === undefined ? { present: true } : { present: true, identity: service };
}

function key({ protocol, port }: PortObservation): string {
  return `${protocol}/${port}`;
}
