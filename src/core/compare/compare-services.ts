import type { DeltaSide, JudgedDelta } from '../model/delta.ts';
import type { HostObservation, PortObservation, Protocol } from '../model/observation.ts';
import { CERTAIN, comparedDelta, LIKELY, openPorts, portWords, REFUSED, type Untold } from './compared-delta.ts';
import { compareIdentity, type PortLookup, portLookup, type SeenPort, seenPorts, stateEvidence } from './evidence.ts';

/** When this many ports newly open and most of what answers is open, a tarpit or a proxy sits in front of the host. */
const FLOOD_NEW = 50;
const FLOOD_SHARE = 0.6;

type Side = { host: HostObservation; seen: ReturnType<typeof seenPorts>; look: PortLookup };
type Pair = { before: Side; after: Side; identities: boolean; untold: Untold };

/**
 * Compares the services of a host that is present in both observations. `identities` is false when another nmap read
 * them.
 */
export function compareServices(
  before: HostObservation,
  after: HostObservation,
  { identities, untold }: { identities: boolean; untold: Untold },
): JudgedDelta[] {
  const pair: Pair = { before: sideOf(before), after: sideOf(after), identities, untold };
  const wasOpen = new Map([...openPorts(before)].map((port) => [key(port), port]));
  const added: JudgedDelta[] = [];
  const changed: JudgedDelta[] = [];
  for (const port of openPorts(after)) {
    const known = wasOpen.get(key(port));
    if (known === undefined) added.push(...serviceAdded(pair, port));
    else if (!before.timedOut && !after.timedOut) changed.push(...serviceChanged(pair, known, port));
    wasOpen.delete(key(port));
  }
  const removed = [...wasOpen.values()].flatMap((port) => serviceRemoved(pair, port));
  nameOtherStates(pair);
  return [...withoutFlood(after, added), ...removed, ...changed];
}

function sideOf(host: HostObservation): Side {
  const seen = seenPorts(host);
  return { host, seen, look: portLookup(host, seen) };
}

function serviceAdded({ before, after, untold }: Pair, port: PortObservation): JudgedDelta[] {
  const { strength, words } = before.look(port.protocol, port.port);
  const timedOut = after.host.timedOut;
  if (timedOut || (strength !== 'strong-absent' && strength !== 'not-open')) {
    const why = timedOut ? 'the host timed out: its ports say nothing' : whyUntold(strength, words);
    untold({ ...place(before.host, port), before: stateWords(before, port), after: portWords(port), why });
    return [];
  }
  const now = stateEvidence(port.state, port.reason).words;
  const sides = { before: { present: false }, after: present(port) };
  const chance = strength === 'not-open' ? LIKELY : CERTAIN;
  const delta = comparedDelta('service-added', before.host.address, {
    chance,
    ...sides,
    evidence: [now, `before: ${words}`],
  });
  return [onPort(delta, port)];
}

function serviceRemoved({ before, after, untold }: Pair, port: PortObservation): JudgedDelta[] {
  const { strength, words } = after.look(port.protocol, port.port);
  const closedNow = strength === 'not-open' && moreClosed(before, after, port.protocol);
  if (before.host.timedOut || (strength !== 'strong-absent' && !closedNow)) {
    const why = before.host.timedOut ? 'the host timed out: its ports say nothing' : whyUntold(strength, words);
    untold({ ...place(before.host, port), before: portWords(port), after: stateWords(after, port), why });
    return [];
  }
  const was = stateEvidence(port.state, port.reason).words;
  const sides = { before: present(port), after: { present: false } };
  const chance = closedNow ? LIKELY : REFUSED;
  const delta = comparedDelta('service-removed', before.host.address, {
    chance,
    ...sides,
    evidence: [words, `before: ${was}`],
  });
  return [onPort(delta, port)];
}

/**
 * Old nmaps wrote only numbers. A port that is no longer open was closed if there are now more closed ports and no more
 * silent ones.
 */
function moreClosed(before: Side, after: Side, protocol: Protocol): boolean {
  const count = ({ host }: Side, which: 'closed' | 'silent'): number =>
    host.extra
      .filter((extra) => extra.protocol === protocol && extra.closed !== undefined)
      .reduce((sum, { closed = 0, ports }) => {
        const all = ports.reduce((size, [first, last]) => size + last - first + 1, 0);
        return sum + (which === 'closed' ? closed : all - closed);
      }, 0);
  return count(after, 'closed') > count(before, 'closed') && count(after, 'silent') <= count(before, 'silent');
}

function serviceChanged(pair: Pair, before: PortObservation, after: PortObservation): JudgedDelta[] {
  const { strength, kind, words } = compareIdentity(before.service, after.service);
  if (strength === 'strong-changed' && pair.identities) {
    const sides = { before: present(before), after: present(after) };
    const address = pair.after.host.address;
    return [onPort(comparedDelta(kind, address, { chance: LIKELY, ...sides, evidence: [words] }), after)];
  }
  const [was, is] = [portWords(before), portWords(after)];
  if (was === is) return [];
  const why = pair.identities ? words : 'another version of nmap read it';
  pair.untold({ ...place(pair.after.host, after), before: was, after: is, why });
  return [];
}

/** Ports that are open on neither side but are listed in another state: no service appeared or disappeared. */
function nameOtherStates({ before, after, untold }: Pair): void {
  const listed = new Map([...before.host.ports, ...after.host.ports].map((port) => [key(port), port]));
  for (const port of listed.values()) {
    const [was, is] = [before.seen(port.protocol, port.port), after.seen(port.protocol, port.port)];
    if (was?.state === is?.state || was?.state === 'open' || is?.state === 'open') continue;
    const why = was === undefined || is === undefined ? 'not covered by both scans' : 'no service came or went';
    untold({ ...place(before.host, port), before: stateWords(before, port), after: stateWords(after, port), why });
  }
}

function whyUntold(strength: string, words: string): string {
  return strength === 'weak-absent' ? `silence is no evidence: ${words}` : words;
}

function stateWords({ host, seen }: Side, { protocol, port }: PortObservation): string {
  if (host.timedOut) return 'unknown';
  return seenWords(seen(protocol, port));
}

function seenWords(seen: SeenPort | undefined): string {
  if (seen === undefined) return 'not covered';
  return 'port' in seen ? portWords(seen.port) : seen.state.replace('|', ' or ');
}

/** Many new services at once are a single device in front of the host, not many services. */
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

function place({ address }: HostObservation, { protocol, port }: PortObservation) {
  return { host: address, protocol, port };
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
