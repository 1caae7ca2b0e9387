import { hostEvidence, portLookup } from '../compare/evidence.ts';
import { compareMac } from '../compare/mac.ts';
import type { ScanEvidence, Steady, SteadyCounts } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { HostState, Memory } from '../model/state.ts';
import { transition } from '../model/transition.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { subnetOf } from '../network/addresses.ts';
import { countPorts, hasPort, intersectPorts, subtractPorts, unpackPorts } from '../network/port-sets.ts';
import { sameValue } from '../same-value.ts';
import { freshAddresses } from './baseline.ts';
import { firstWarning } from './certificate-expiry.ts';
import type { Outcome, ScanContext } from './context.ts';
import { controlsOf } from './controls.ts';
import { summable } from './filter.ts';
import { describe } from './host-state.ts';
import { judgeIdentity } from './identity-change.ts';
import { PATH_LOST } from './loss.ts';
import { groupMemory, type HostMemory, hostMemory, type ServiceMemory, serviceMemory } from './memory.ts';
import { count, HOST_RISKS, SERVICE_RISKS } from './rates.ts';
import type { Reading } from './reading.ts';
import { modeOf, type Survey } from './survey.ts';
import { knowsTraits } from './traits.ts';

/**
 * What may be remembered about a host for which the same evidence brings nothing new. Everything else is an open
 * question, or is answered a little further by each scan. A key that is added to these records stays out of this list
 * until somebody has considered it here.
 */
const SETTLED_HOST: ReadonlySet<keyof HostMemory> = new Set<keyof HostMemory>([
  ...(['since', 'denied', 'refuted', 'unheardScans', 'reached', 'flips', 'unstable', 'system', 'scripts'] as const),
]);
const SETTLED_SERVICE: ReadonlySet<keyof ServiceMemory> = new Set([
  ...(['since', 'refuted', 'earlierScans', 'nmap', 'alike', 'flips', 'unstable'] as const),
]);

type Judging = Pick<ScanContext, 'policy' | 'version' | 'at'> & { covered: Parameters<typeof hasPort>[0] };

/**
 * What a host adds to the counts of a scan that sees the same as this one, if nothing else would follow: no delta, no
 * doubt, nothing learnt, and the same state except for a code that settles on `unchanged`. Undefined when it has to be
 * judged.
 */
export function steadyOf(state: HostState, reading: Reading, judging: Judging): Steady | undefined {
  const { since, denied: d, reached: w = [] } = hostMemory(state.memory);
  if (since === undefined || !isSettled(state, reading) || !w.includes(reading.how)) return undefined;
  const known = unpackPorts(d);
  const same = countPorts(subtractPorts(reading.denied, known)) === 0;
  if (!same || anyOf(intersectPorts(known, reading.openPorts)) || anyOf(intersectPorts(known, reading.silent))) {
    return undefined;
  }
  const read = readServices(state, reading, judging);
  const { tcp, udp } = controlsOf(state, reading);
  const until = judging.policy.certExpiry ? firstWarning(state) : Number.POSITIVE_INFINITY;
  if (read === undefined || tcp.misses + udp.misses > 0 || judging.at >= until) return undefined;
  const { openPorts, denied, silent } = reading;
  const pairs = countPorts(openPorts) + countPorts(denied) + countPorts(silent);
  return { t: since, tcp: tcp.trials, udp: udp.trials, read, open: reading.open.length, pairs, until };
}

const anyOf = (ports: Parameters<typeof countPorts>[0]): boolean => countPorts(ports) > 0;

function isSettled(state: HostState, reading: Reading): boolean {
  const { observation } = reading;
  if (observation === undefined || observation.reason === 'user-set' || reading.host !== 'answered') return false;
  if (!state.present || state.lastSeen !== undefined || !holdsOnly(state.memory, SETTLED_HOST)) return false;
  if (transition(state.code, 'answered') !== 'unchanged') return false;
  if (!knowsTraits(hostMemory(state.memory), observation)) return false;
  return compareMac(state.mac, observation.mac) === undefined && sameValue(describe(state, reading), state);
}

const holdsOnly = (memory: Memory, keys: ReadonlySet<string>): boolean =>
  Object.keys(memory).every((key) => keys.has(key));

/**
 * How many identities of its services are read; undefined unless the open services are exactly those believed, as they
 * are believed.
 */
function readServices(state: HostState, reading: Reading, { policy, version, covered }: Judging): number | undefined {
  const open = new Map(reading.open.map((seen) => [`${seen.protocol}/${seen.port}`, seen]));
  const context = { policy, version, identities: { trials: 0, misses: 0 } };
  let [read, present] = [0, 0];
  for (const service of state.services) {
    const seen = open.get(`${service.protocol}/${service.port}`);
    if (service.present !== (seen !== undefined)) return undefined;
    if (seen === undefined) continue;
    present += 1;
    const judged = judgeIdentity(context, state.address, service, seen.service);
    const settled = holdsOnly(serviceMemory(service.memory), SETTLED_SERVICE) && sameValue(judged.service, service);
    const quiet = judged.deltas.length + judged.candidates.length + judged.identities.misses === 0;
    if (!settled || !quiet || !hasPort(covered, seen.protocol, seen.port)) return undefined;
    read += judged.identities.trials;
  }
  return present === reading.open.length ? read : undefined;
}

/** The judged hosts that are steady from now on. */
export function steadyHosts(
  states: ReadonlyMap<string, HostState>,
  { survey, policy, version, at }: Pick<ScanContext, 'survey' | 'policy' | 'version' | 'at'>,
  covered: Judging['covered'],
): Map<string, Steady> {
  const steady = new Map<string, Steady>();
  for (const [address, reading] of survey.readings) {
    const state = states.get(address);
    const found = state === undefined ? undefined : steadyOf(state, reading, { policy, version, at, covered });
    if (found !== undefined) steady.set(address, found);
  }
  return steady;
}

/** What steady hosts add to the record of how often events happen: opportunities, but no events. */
export function addSteady(outcome: Outcome, survey: Survey, { hosts, read, open }: SteadyCounts): void {
  if (hosts === 0) return;
  outcome.identities.trials += read;
  for (const rate of [...HOST_RISKS, 'shyHost'] as const) count(outcome.counts, rate, hosts, 0);
  for (const rate of [...SERVICE_RISKS, 'shy'] as const) count(outcome.counts, rate, open, 0);
  const path = summable(survey.portMiss());
  if (path <= PATH_LOST) count(outcome.counts, 'blip', open, -open * path);
}

/** Whether a steady host may be passed over at all: not behind a path that is not proved. */
export function mayPassOver(memory: Memory): (address: string) => boolean {
  const { tick, outages } = groupMemory(memory);
  const members = fromAddressRanges(outages.flatMap(({ members }) => members));
  return (address) => tick > 0 && !rangesContain(members, address);
}

/**
 * Whether even a steady host may mean something else in this scan: hosts are found in another way than before, or are
 * scanned for the first time by the group's own record.
 */
export function mustJudgeAll(memory: Memory, evidence: ScanEvidence, passedOver: Iterable<string>): boolean {
  const observations = [...evidence.hosts];
  if (observations.some(({ reason }) => reason === 'user-set')) return true;
  const fresh = freshAddresses(groupMemory(memory), evidence, modeOf(evidence, observations));
  if (fresh.length === 0) return false;
  for (const address of passedOver) if (rangesContain(fresh, address)) return true;
  return false;
}

/**
 * Subnets in which a service of an answering host is silent. The same port on its neighbours is the control for that,
 * so each of them is judged, steady or not.
 */
export function loudSubnets(hosts: Iterable<HostObservation>, states: ReadonlyMap<string, HostState>): Set<string> {
  const loud = new Set<string>();
  for (const host of hosts) {
    const state = states.get(host.address);
    if (state === undefined || host.timedOut || hostEvidence(host).strength !== 'strong-present') continue;
    const evidence = portLookup(host);
    const isHeard = ({ protocol, port }: HostState['services'][number]): boolean => {
      const { strength } = evidence(protocol, port);
      return strength === 'strong-present' || strength === 'strong-absent';
    };
    if (!state.services.every((service) => !service.present || isHeard(service))) loud.add(subnetOf(host.address));
  }
  return loud;
}

/** What hosts that are passed over count for. `tick` is that of the scan before. */
export function countSteady(hosts: Iterable<readonly [address: string, Steady]>, tick: number): SteadyCounts {
  const counts = {
    hosts: 0,
    fresh: 0,
    read: 0,
    open: 0,
    pairs: 0,
    heard: { tcp: 0, udp: 0 },
    tried: { tcp: 0, udp: 0 },
  };
  const subnets = new Map<string, number>();
  for (const [address, { t, tcp, udp, read, open, pairs }] of hosts) {
    counts.hosts += 1;
    counts.read += read;
    counts.open += open;
    counts.pairs += pairs;
    counts.heard.tcp += tcp;
    counts.heard.udp += udp;
    if (t === tick) counts.fresh += 1;
    else {
      counts.tried.tcp += tcp;
      counts.tried.udp += udp;
    }
    const subnet = subnetOf(address);
    subnets.set(subnet, (subnets.get(subnet) ?? 0) + 1);
  }
  return { ...counts, subnets };
}
