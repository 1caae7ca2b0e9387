import type { PortObservation } from '../model/observation.ts';
import type { ServiceState } from '../model/state.ts';
import { judgeExpiry } from './certificate-expiry.ts';
import { emptyOutcome, isAnnounced, makeDelta, mergeOutcome, type ScanContext } from './context.ts';
import { PROBED } from './doubts.ts';
import { rounded, STRONG_PROBABILITY, shynessAfter, significant } from './filter.ts';
import { judgeIdentity, openIdentityCandidate } from './identity-change.ts';
import { keepService, type MissRun, serviceMemory } from './memory.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { gone, type JudgedService, refutedRemoval, remove } from './service-removed.ts';
import { serviceShyness, times } from './service-silent.ts';

/** The service answered: a run of misses is refuted, and its identity is compared. */
export function judgeOpen(
  context: ScanContext,
  address: string,
  service: ServiceState,
  seen: PortObservation,
): JudgedService {
  const memory = serviceMemory(service.memory);
  const { policy, version, group } = context;
  const read = judgeIdentity({ policy, version, identities: group.identities }, address, service, seen.service);
  const expiry = judgeExpiry(context, address, read.service, seen);
  mergeOutcome(read, expiry);
  read.service = expiry.service;
  if (memory.run === undefined) return read;
  const { run } = memory;
  if (run.candidate === 1) read.deltas.push(refutedRemoval(address, service, backWords(run)));
  const known = serviceMemory(read.service.memory);
  if (run.denied === 1) {
    count(read.counts, 'bounced', 0, 1);
    return { ...read, service: { ...read.service, memory: keepService({ ...known, run: undefined }) } };
  }
  const n = (memory.refuted ?? 0) + run.scans;
  const s = shynessAfter(run, serviceShyness(context, address, service, run.scans), context.tick);
  count(read.counts, 'blip', 0, run.scans);
  return {
    ...read,
    service: { ...read.service, memory: keepService({ ...known, run: undefined, refuted: n, shyness: s }) },
  };
}

const backWords = ({ denied, scans }: MissRun): string =>
  denied === 1
    ? 'it is open again: it refused for a moment only'
    : `it answers again after ${times(scans)} without an answer`;

/**
 * A reset or a filter's answer where a service was: it is gone, or it is restarting. If it can be confirmed, that
 * happens before it is reported.
 */
export function judgeDenied(
  context: ScanContext,
  address: string,
  service: ServiceState,
  reading: Reading,
): JudgedService {
  const { run: r, ...memory } = serviceMemory(service.memory);
  const probability = r === undefined ? momentary(context) : STRONG_PROBABILITY;
  const evidence = [reading.port(service.protocol, service.port).words];
  if (r === undefined && isAskedAgain(context, probability)) {
    const delta = makeDelta('candidate', 'service-removed', address, service, {
      probability,
      evidence,
      ...gone(service),
    });
    const doubts = [{ address, protocol: service.protocol, port: service.port, denied: true as const }];
    const run = { scans: 1, lost: significant(probability), denied: 1 } as const;
    const waiting = { ...service, memory: keepService({ ...memory, run }) };
    return { ...emptyOutcome(), candidates: [{ delta, doubts }], service: waiting };
  }
  if (r !== undefined) evidence.push('it did not answer as a service in the look before either');
  const removed = remove(context, address, { ...service, memory }, probability, evidence);
  count(removed.counts, 'closed', 0, 1);
  return removed;
}

/** Chance that it is only restarting: one answer can't decide that. */
function momentary({ group }: ScanContext): number {
  const [bounced, closed] = [rateOf(group, 'bounced'), rateOf(group, 'closed')];
  return rounded(Math.max(STRONG_PROBABILITY, bounced / (bounced + closed)));
}

/** More services refused in one scan than any confirmation probes are not restarts. */
function isAskedAgain({ askable, survey, policy }: ScanContext, probability: number): boolean {
  return askable ? survey.refused <= PROBED : !isAnnounced(probability, policy);
}

/** A host that goes down takes its services with it, so doubts about them no longer matter. */
export function leaveWithHost(address: string, service: ServiceState): JudgedService {
  const { run, pending, ...memory } = serviceMemory(service.memory);
  if (run === undefined && pending === undefined) return { ...emptyOutcome(), service };
  const deltas = openIdentityCandidate(address, service);
  if (run?.candidate === 1) deltas.push(refutedRemoval(address, service, 'reported with its host, which is down'));
  return { ...emptyOutcome(), deltas, service: { ...service, memory: keepService(memory) } };
}
