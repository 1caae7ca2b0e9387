import type { PortObservation, PortSet } from '../model/observation.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { emptyOutcome, isAnnounced, makeDelta, type Outcome, type ScanContext, vouchedScans } from './context.ts';
import { compact, hostMemory, serviceMemory } from './memory.ts';
import { hasPort } from './port-sets.ts';
import { boundMiss, PRIOR, rounded, STRONG_PROBABILITY } from './probability.ts';
import { pooledMiss } from './tally.ts';
import { countFlip } from './unstable.ts';

/** Share of a host's ports that are open, and share that a firewall keeps silent for good. */
const USUALLY_OPEN = 0.04;
const USUALLY_SILENT = 0.05;
/** Share of services that answer only now and then, whatever the path does. */
const SHY = 0.002;
const SHY_MISS = 0.5;

type Opened = Outcome & { service: ServiceState };

/** A port is open that is not believed open: told, or only learnt. `closed`: what was known to be, unpacked once a host. */
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
  const scans = silentScans(context, host, seen);
  const probability = firstAnswerIsOld(vouchedScans(scans, context.policy), pooledMiss(context.group.services));
  if (scans < context.policy.learn || !isAnnounced(probability, context.policy)) {
    return learnt(context, host.address, seen);
  }
  return added(context, host.address, seen, probability, [words, `silent in ${scans} scans before`]);
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
    'was told as gone before',
  ]);
  const [told] = outcome.deltas;
  if (told === undefined) return outcome;
  const memory = serviceMemory(earlier.memory);
  const flip = countFlip(memory, told, context.policy, context.tick);
  const kept = compact({ ...outcome.service.memory, h: memory.h, n: memory.n, o: memory.o, ...flip.flips });
  const notes = flip.note === undefined ? [] : [flip.note];
  return { ...outcome, deltas: [flip.delta], notes, service: { ...outcome.service, memory: kept } };
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
  return { ...emptyOutcome(), deltas: [delta], service: newService(context, seen) };
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

/**
 * Scans that covered the port while the host answered, and heard nothing. UDP ports that don't answer are `open|filtered`:
 * that was no silence to learn from.
 */
function silentScans(context: ScanContext, host: HostState, seen: PortObservation): number {
  if (seen.protocol === 'udp') return 0;
  const memory = hostMemory(host.memory);
  const covered = context.history.ofPort(host.address, seen.protocol, seen.port, memory.t ?? 1);
  return Math.max(0, covered - (memory.z ?? 0));
}

/**
 * Never seen closed, only silent: either it was open all the time and missed every time, or it was silent for another
 * reason (closed and missed, or filtered) and opened now. Such a service is never as certain as one that was closed.
 */
function firstAnswerIsOld(scans: number, miss: number): number {
  const missed = boundMiss(miss) ** scans;
  const old = USUALLY_OPEN * ((1 - SHY) * missed + SHY * SHY_MISS ** scans);
  const fresh = PRIOR.serviceOpened * ((1 - USUALLY_OPEN) * missed + USUALLY_SILENT);
  return rounded(old / (old + fresh));
}
