import type { PortObservation } from '../model/observation.ts';
import type { ServiceState } from '../model/state.ts';
import { judgeExpiry } from './certificate-expiry.ts';
import { emptyOutcome, isAnnounced, makeDelta, mergeOutcome, type ScanContext } from './context.ts';
import { shynessAfter } from './filter.ts';
import { judgeIdentity, openIdentityCandidate } from './identity-change.ts';
import { compact, type MissRun, serviceMemory } from './memory.ts';
import { rounded, STRONG_PROBABILITY, significant } from './probability.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { gone, type JudgedService, refutedRemoval, remove } from './service-removed.ts';
import { serviceShyness, times } from './service-silent.ts';

/** It answered: a run of misses is refuted, its identity compared. */
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
  if (memory.r === undefined) return read;
  const { r } = memory;
  if (r.c === 1) read.deltas.push(refutedRemoval(address, service, backWords(r)));
  const known = serviceMemory(read.service.memory);
  if (r.d === 1) {
    count(read.counts, 'bounced', 0, 1);
    return { ...read, service: { ...read.service, memory: compact({ ...known, r: undefined }) } };
  }
  const n = (memory.n ?? 0) + r.k;
  const s = shynessAfter(r, serviceShyness(context, address, service, r.k), context.tick);
  count(read.counts, 'blip', 0, r.k);
  return { ...read, service: { ...read.service, memory: compact({ ...known, r: undefined, n, s }) } };
}

const backWords = ({ d, k }: MissRun): string =>
  d === 1 ? 'it is open again: it refused for a moment only' : `it answers again after ${times(k)} without an answer`;

/**
 * A reset or a filter's answer where a service was: it is gone, or restarts at this moment. Where it can be asked once more,
 * it is, before it is told.
 */
export function judgeDenied(
  context: ScanContext,
  address: string,
  service: ServiceState,
  reading: Reading,
): JudgedService {
  const { r, ...memory } = serviceMemory(service.memory);
  const probability = r === undefined ? momentary(context) : STRONG_PROBABILITY;
  const evidence = [reading.port(service.protocol, service.port).words];
  if (r === undefined && isAskedAgain(context, probability)) {
    const delta = makeDelta('candidate', 'service-removed', address, service, {
      probability,
      evidence,
      ...gone(service),
    });
    const doubts = [{ address, protocol: service.protocol, port: service.port, denied: true as const }];
    const run = { k: 1, l: significant(probability), d: 1 } as const;
    const waiting = { ...service, memory: compact({ ...memory, r: run }) };
    return { ...emptyOutcome(), candidates: [{ delta, doubts }], service: waiting };
  }
  if (r !== undefined) evidence.push('it did not answer as a service in the look before either');
  const removed = remove(context, address, { ...service, memory }, probability, evidence);
  count(removed.counts, 'closed', 0, 1);
  return removed;
}

/** Chance that it only restarts: one answer can't tell. */
function momentary({ group }: ScanContext): number {
  const [bounced, closed] = [rateOf(group, 'bounced'), rateOf(group, 'closed')];
  return rounded(Math.max(STRONG_PROBABILITY, bounced / (bounced + closed)));
}

/** So many services refused in one scan are no restarts, and more than a confirmation should ask. */
const MOST_RECHECKS = 200;

function isAskedAgain({ askable, survey, policy }: ScanContext, probability: number): boolean {
  return askable ? survey.refused <= MOST_RECHECKS : !isAnnounced(probability, policy);
}

/** A host that goes down takes its services with it: what was doubtful of them is no question any more. */
export function leaveWithHost(address: string, service: ServiceState): JudgedService {
  const { r, p, ...memory } = serviceMemory(service.memory);
  if (r === undefined && p === undefined) return { ...emptyOutcome(), service };
  const deltas = openIdentityCandidate(address, service);
  if (r?.c === 1) deltas.push(refutedRemoval(address, service, 'reported with its host, which is down'));
  return { ...emptyOutcome(), deltas, service: { ...service, memory: compact(memory) } };
}
