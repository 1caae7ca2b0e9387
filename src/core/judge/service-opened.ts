import type { PortObservation, PortSet } from '../model/observation.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { hasPort } from '../network/port-sets.ts';
import { emptyOutcome, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { shynessAfter, wasThere } from './filter.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';
import { boundMiss, STRONG_PROBABILITY } from './probability.ts';
import { count, missOfOtherDays, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { closedShare, dropShare, serviceShyness, times } from './service-silent.ts';
import { countFlip } from './unstable.ts';

type Opened = Outcome & { service: ServiceState };

/** A port is open that is not believed open: told with its chance. `closed`: what was known to be, unpacked once a host. */
export function judgeOpened(
  context: ScanContext,
  host: HostState,
  seen: PortObservation,
  earlier: ServiceState | undefined,
  closed: PortSet,
): Opened {
  if (earlier !== undefined) return reopened(context, host.address, seen, earlier);
  const words = context.survey.readings.get(host.address)?.port(seen.protocol, seen.port).words ?? 'open';
  if (hasPort(closed, seen.protocol, seen.port)) {
    return added(context, host.address, seen, STRONG_PROBABILITY, [words, 'was closed or rejected before']);
  }
  const looks = silentScans(context, host, seen);
  if (looks === 0 || isLearning(context, host, seen)) return learnt(context, host.address, seen);
  return added(context, host.address, seen, chanceOld(context, host, seen, looks), [
    words,
    `silent in ${times(looks)} before`,
  ]);
}

/** A pass over the baseline, and no scan before that baseline has asked for the port. */
function isLearning({ baseline, group, history }: ScanContext, host: HostState, seen: PortObservation): boolean {
  const { t = 1 } = hostMemory(host.memory);
  const looks = (since: number) => history.ofPort(host.address, seen.protocol, seen.port, since);
  return baseline && looks(t) === looks(Math.max(t, group.scan ?? 1));
}

/** A new host's services are told with it, and are as certain as it is. */
export function addWithHost(context: ScanContext, address: string, seen: PortObservation, hostIsOld: number): Opened {
  const probability = Math.max(STRONG_PROBABILITY, hostIsOld);
  return added(context, address, seen, probability, ['open on a host that was not there before']);
}

/** Listed as first determined. */
export function learnt(context: ScanContext, address: string, seen: PortObservation): Opened {
  const identity = seen.service === undefined ? {} : { identity: seen.service };
  const first = [{ address, protocol: seen.protocol, port: seen.port, ...identity }];
  return { ...emptyOutcome(), first, service: newService(context, seen) };
}

function reopened(context: ScanContext, address: string, seen: PortObservation, earlier: ServiceState): Opened {
  const outcome = added(context, address, seen, STRONG_PROBABILITY, [
    `open: ${seen.reason} received`,
    'was reported gone before',
  ]);
  const [told] = outcome.deltas;
  if (told === undefined) return outcome;
  const refused = serviceMemory(earlier.memory).r === undefined;
  if (refused && earlier.until === context.previousAt) count(outcome.counts, 'bounced', 0, 1);
  const memory = serviceMemory(earlier.memory);
  const flip = countFlip(memory, told, context.policy, context.tick);
  const { h, n, o } = memory;
  const s = silentMeanwhile(context, address, earlier);
  const kept = compact({ ...outcome.service.memory, h, n, o, s, ...flip.flips });
  const notes = flip.note === undefined ? [] : [flip.note];
  return { ...outcome, deltas: [flip.delta], notes, service: { ...outcome.service, memory: kept } };
}

/** What was told as gone for its silence and answers again was perhaps there, and only said nothing. */
function silentMeanwhile(context: ScanContext, address: string, earlier: ServiceState) {
  const { r, s } = serviceMemory(earlier.memory);
  if (r === undefined) return s;
  return shynessAfter(r, serviceShyness(context, address, earlier, r.k), context.tick);
}

function added(
  context: ScanContext,
  address: string,
  seen: PortObservation,
  probability: number,
  evidence: readonly string[],
): Opened {
  const identity = seen.service === undefined ? {} : { identity: seen.service };
  const delta = makeDelta('confirmed', 'service-added', address, seen, {
    probability,
    evidence,
    before: { present: false },
    after: { present: true, ...identity },
  });
  const outcome = { ...emptyOutcome(), deltas: [delta], service: newService(context, seen) };
  count(outcome.counts, 'opened', 0, 1 - probability);
  return outcome;
}

function newService(context: ScanContext, seen: PortObservation): ServiceState {
  return {
    protocol: seen.protocol,
    port: seen.port,
    present: true,
    since: context.at,
    ...(seen.service === undefined ? {} : { identity: seen.service }),
    memory: compact({ t: context.tick, v: context.version }),
  };
}

/** Looks that covered the port while the host answered, and heard nothing of it. */
function silentScans(context: ScanContext, host: HostState, seen: PortObservation): number {
  const memory = hostMemory(host.memory);
  const covered = context.history.ofPort(host.address, seen.protocol, seen.port, memory.t ?? 1);
  return Math.max(0, covered - (memory.z ?? 0));
}

/**
 * Never seen closed, only silent: either it was open all the time and was missed every time, or it is new, and was silent
 * because its host drops what is not open. So where everything is dropped a first answer is near certain news.
 */
function chanceOld({ group, survey }: ScanContext, host: HostState, seen: PortObservation, looks: number): number {
  const past = seen.protocol === 'udp' ? (group.udp ?? { n: 0, m: 0 }) : group.services;
  const now = seen.protocol === 'udp' ? survey.now.udp : survey.now.tcp;
  const lost = boundMiss(missOfOtherDays({ n: past.n + now.n, m: past.m + now.m }, group.tick));
  const reading = survey.readings.get(host.address);
  const mixed = (reading === undefined ? undefined : mixOf(reading, seen.protocol)) ?? 0;
  const missed = boundMiss(Math.min(lost, 1 - mixed));
  const drops = mixed > 0 || reading === undefined ? 1 : dropShare(reading, seen);
  const elsewise = Math.max(LEAST_SILENT, (drops - missed) / (1 - missed));
  return wasThere({ looks, missed, shy: rateOf(group, 'shy'), elsewise }, rateOf(group, 'opened'));
}

/** However few ports of a host are silent, one that is not open may be. */
const LEAST_SILENT = 0.005;

/** Where nmap only counts what is not open: the share of it that was closed. */
function mixOf(reading: Reading, protocol: PortObservation['protocol']): number | undefined {
  const [first] = reading.notOpen[protocol] ?? [];
  return first === undefined ? undefined : closedShare(reading, { protocol, port: first[0] });
}
