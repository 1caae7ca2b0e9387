import type { FirstDetermined } from '../model/judgement.ts';
import type { PortObservation, PortSet } from '../model/observation.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { countPorts, hasPort, subtractPorts } from '../network/port-sets.ts';
import { emptyOutcome, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { boundMiss, STRONG_PROBABILITY, shynessAfter, wasThere } from './filter.ts';
import { hostMemory, keepService, serviceMemory } from './memory.ts';
import { count, missOfOtherDays, NO_TRIALS, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { closedShare, dropShare, serviceShyness, times } from './service-silent.ts';
import { countFlip } from './unstable.ts';

type Opened = Outcome & { service: ServiceState };

/**
 * A port is open that is not believed open: reported with its chance. `closed`: the ports known to be closed, unpacked
 * once per host.
 */
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
  return added(context, host.address, seen, chanceOld(context, host, seen, looks, closed), [
    words,
    `silent in ${times(looks)} before`,
  ]);
}

/** Whether this is a pass over the baseline and no scan before that baseline probed the port. */
function isLearning({ baseline, group, history }: ScanContext, host: HostState, seen: PortObservation): boolean {
  const { since: t = 1 } = hostMemory(host.memory);
  const looks = (since: number) => history.ofPort(host.address, seen.protocol, seen.port, since);
  return baseline && looks(t) === looks(Math.max(t, group.scan ?? 1));
}

/** A new host's services are reported with it, and are as certain as it is. */
export function addWithHost(context: ScanContext, address: string, seen: PortObservation, hostIsOld: number): Opened {
  const probability = Math.max(STRONG_PROBABILITY, hostIsOld);
  return added(context, address, seen, probability, ['open on a host that was not there before']);
}

/** Listed as first determined. */
export function learnt(context: ScanContext, address: string, seen: PortObservation): Opened {
  return { ...emptyOutcome(), first: [firstOf(address, seen)], service: newService(context, seen) };
}

export function firstOf(address: string, { protocol, port, service }: PortObservation): FirstDetermined {
  return service === undefined ? { address, protocol, port } : { address, protocol, port, identity: service };
}

function reopened(context: ScanContext, address: string, seen: PortObservation, earlier: ServiceState): Opened {
  const outcome = added(context, address, seen, STRONG_PROBABILITY, [
    `open: ${seen.reason} received`,
    'was reported gone before',
  ]);
  const [told] = outcome.deltas;
  if (told === undefined) return outcome;
  const refused = serviceMemory(earlier.memory).run === undefined;
  if (refused && earlier.until === context.previousAt) count(outcome.counts, 'bounced', 0, 1);
  const memory = serviceMemory(earlier.memory);
  const flip = countFlip(memory, told, context.policy, context.tick);
  const { earlierScans, refuted, alike } = memory;
  const s = silentMeanwhile(context, address, earlier);
  const kept = keepService({
    ...serviceMemory(outcome.service.memory),
    earlierScans,
    refuted,
    alike,
    shyness: s,
    ...flip.flips,
  });
  const notes = flip.note === undefined ? [] : [flip.note];
  return { ...outcome, deltas: [flip.delta], notes, service: { ...outcome.service, memory: kept } };
}

/** A service that was reported as gone because of its silence, and answers again, may have been there all along. */
function silentMeanwhile(context: ScanContext, address: string, earlier: ServiceState) {
  const { run, shyness } = serviceMemory(earlier.memory);
  if (run === undefined) return shyness;
  return shynessAfter(run, serviceShyness(context, address, earlier, run.scans), context.tick);
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

export function newService(context: ScanContext, seen: PortObservation): ServiceState {
  return {
    protocol: seen.protocol,
    port: seen.port,
    present: true,
    since: context.at,
    ...(seen.service === undefined ? {} : { identity: seen.service }),
    memory: keepService({ since: context.tick, nmap: context.version }),
  };
}

/** Scans that covered the port while the host answered, without an answer from it. */
function silentScans(context: ScanContext, host: HostState, seen: PortObservation): number {
  const memory = hostMemory(host.memory);
  const covered = context.history.ofPort(host.address, seen.protocol, seen.port, memory.since ?? 1);
  return Math.max(0, covered - (memory.unheardScans ?? 0));
}

/**
 * The port was never seen closed, only silent. Either it was open all the time and always missed, or it is new and was
 * silent because its host drops what is not open. Where everything is dropped, a first answer is therefore almost
 * certainly new.
 */
function chanceOld(
  { group, survey }: ScanContext,
  host: HostState,
  seen: PortObservation,
  looks: number,
  closed: PortSet,
): number {
  const past = seen.protocol === 'udp' ? (group.udp ?? NO_TRIALS) : group.services;
  const now = seen.protocol === 'udp' ? survey.now.udp : survey.now.tcp;
  const lost = boundMiss(
    missOfOtherDays({ trials: past.trials + now.trials, misses: past.misses + now.misses }, group.tick),
  );
  const reading = survey.readings.get(host.address);
  const mixed = (reading === undefined ? undefined : mixOf(reading, seen.protocol)) ?? 0;
  const missed = boundMiss(Math.min(lost, 1 - mixed));
  const drops =
    mixed > 0 || reading === undefined ? 1 : Math.max(dropShare(reading, seen), droppedBefore(reading, closed, seen));
  const elsewise = boundMiss((drops - missed) / (1 - missed));
  return wasThere({ looks, missed, shy: rateOf(group, 'shy'), elsewise }, rateOf(group, 'opened'));
}

/** The share of the ports closed by an answer now that none had closed before: a firewall dropped them then. */
function droppedBefore({ denied }: Reading, closed: PortSet, { protocol }: PortObservation): number {
  const now = { [protocol]: denied[protocol] ?? [] };
  return countPorts(subtractPorts(now, closed)) / Math.max(1, countPorts(now));
}

/** The share of ports that were closed, where nmap only counts those that are not open. */
function mixOf(reading: Reading, protocol: PortObservation['protocol']): number | undefined {
  const [first] = reading.notOpen[protocol] ?? [];
  return first === undefined ? undefined : closedShare(reading, { protocol, port: first[0] });
}
