import { compareMac } from '../compare/mac.ts';
import type { Steady, SteadyCounts } from '../model/judgement.ts';
import type { HostState, Memory } from '../model/state.ts';
import { transition } from '../model/transition.ts';
import { countPorts, hasPort, intersectPorts, subtractPorts, unpackPorts } from '../network/port-sets.ts';
import { firstWarning } from './certificate-expiry.ts';
import type { Outcome, ScanContext } from './context.ts';
import { controlsOf } from './controls.ts';
import { describe } from './host-state.ts';
import { judgeIdentity } from './identity-change.ts';
import { PATH_LOST } from './loss.ts';
import { type HostMemory, hostMemory, type ServiceMemory, serviceMemory } from './memory.ts';
import { summable } from './probability.ts';
import { count, HOST_RISKS, SERVICE_RISKS } from './rates.ts';
import type { Reading } from './reading.ts';
import { sameValue } from './same-value.ts';
import type { Survey } from './survey.ts';
import { knowsTraits } from './traits.ts';

/**
 * What may be remembered of a host of which the same evidence says nothing new. All else is a question that is open, or
 * that each scan answers a little further; a key that is added to these records is not among them until somebody has
 * thought of it here.
 */
const SETTLED_HOST: ReadonlySet<keyof HostMemory> = new Set(['t', 'd', 'n', 'z', 'w', 'f', 'u', 'o', 'i']);
const SETTLED_SERVICE: ReadonlySet<keyof ServiceMemory> = new Set(['t', 'n', 'h', 'v', 'o', 'f', 'u']);

type Judging = Pick<ScanContext, 'policy' | 'version' | 'at'> & { covered: Parameters<typeof hasPort>[0] };

/**
 * What a host counts for in a scan that sees of it what this one has seen, if it would come to nothing else: no delta, no
 * doubt, nothing learnt, the same state but for a code that settles on `unchanged`. Undefined when it has to be judged.
 */
export function steadyOf(state: HostState, reading: Reading, judging: Judging): Steady | undefined {
  const { t, d, w = [] } = hostMemory(state.memory);
  if (t === undefined || !isSettled(state, reading) || !w.includes(reading.how)) return undefined;
  const known = unpackPorts(d);
  const same = countPorts(subtractPorts(reading.denied, known)) === 0;
  if (!same || anyOf(intersectPorts(known, reading.openPorts)) || anyOf(intersectPorts(known, reading.silent))) {
    return undefined;
  }
  const read = readServices(state, reading, judging);
  const { tcp, udp } = controlsOf(state, reading);
  const until = judging.policy.certExpiry ? firstWarning(state) : Number.POSITIVE_INFINITY;
  if (read === undefined || tcp.m + udp.m > 0 || judging.at >= until) return undefined;
  const { openPorts, denied, silent } = reading;
  const pairs = countPorts(openPorts) + countPorts(denied) + countPorts(silent);
  return { t, tcp: tcp.n, udp: udp.n, read, open: reading.open.length, pairs, until };
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

/** How many identities of its services are read; undefined unless what is open is what is believed, and as it is believed. */
function readServices(state: HostState, reading: Reading, { policy, version, covered }: Judging): number | undefined {
  const open = new Map(reading.open.map((seen) => [`${seen.protocol}/${seen.port}`, seen]));
  const context = { policy, version, identities: { n: 0, m: 0 } };
  let [read, present] = [0, 0];
  for (const service of state.services) {
    const seen = open.get(`${service.protocol}/${service.port}`);
    if (service.present !== (seen !== undefined)) return undefined;
    if (seen === undefined) continue;
    present += 1;
    const judged = judgeIdentity(context, state.address, service, seen.service);
    const settled = holdsOnly(serviceMemory(service.memory), SETTLED_SERVICE) && sameValue(judged.service, service);
    const quiet = judged.deltas.length + judged.candidates.length + judged.identities.m === 0;
    if (!settled || !quiet || !hasPort(covered, seen.protocol, seen.port)) return undefined;
    read += judged.identities.n;
  }
  return present === reading.open.length ? read : undefined;
}

/** Those of the judged hosts that are steady from now on. */
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

/** No host in particular: one that hears all its ports, as steady ones do, loses as many as the scan as a whole. */
const ANY_HOST = '';

/** What steady hosts add to the record of how often things happen: chances for it, and no case of it. */
export function addSteady(outcome: Outcome, survey: Survey, { hosts, read, open }: SteadyCounts): void {
  if (hosts === 0) return;
  outcome.identities.n += read;
  for (const rate of [...HOST_RISKS, 'shyHost'] as const) count(outcome.counts, rate, hosts, 0);
  for (const rate of [...SERVICE_RISKS, 'shy'] as const) count(outcome.counts, rate, open, 0);
  const path = summable(survey.portMiss(ANY_HOST));
  if (path <= PATH_LOST) count(outcome.counts, 'blip', open, -open * path);
}
