import type { PortObservation } from '../model/observation.ts';
import type { ServiceState } from '../model/state.ts';
import { emptyOutcome, type ScanContext } from './context.ts';
import { shynessAfter } from './filter.ts';
import { judgeIdentity, openIdentityCandidate } from './identity-change.ts';
import { compact, serviceMemory } from './memory.ts';
import { STRONG_PROBABILITY } from './probability.ts';
import { count } from './rates.ts';
import type { Reading } from './reading.ts';
import { type JudgedService, refutedRemoval, remove } from './service-removed.ts';
import { serviceShyness, times } from './service-silent.ts';

/** It answered: a run of misses is refuted, its identity compared. */
export function judgeOpen(
  context: ScanContext,
  address: string,
  service: ServiceState,
  seen: PortObservation,
): JudgedService {
  const memory = serviceMemory(service.memory);
  const read = judgeIdentity(
    { policy: context.policy, version: context.version, identities: context.group.identities },
    address,
    service,
    seen.service,
  );
  if (memory.r === undefined) return read;
  if (memory.r.c === 1) {
    const why = `it answers again after ${times(memory.r.k)} without an answer`;
    read.deltas.push(refutedRemoval(address, service, why));
  }
  const n = (memory.n ?? 0) + memory.r.k;
  const before = serviceShyness(context, address, service, memory.r.k);
  const s = shynessAfter(memory.r, before, context.tick);
  count(read.counts, 'blip', 0, memory.r.k);
  return { ...read, service: { ...read.service, memory: compact({ ...read.service.memory, r: undefined, n, s }) } };
}

/** A reset or a filter's answer where a service was: it is gone, and no need to wait. */
export function judgeDenied(
  context: ScanContext,
  address: string,
  service: ServiceState,
  reading: Reading,
): JudgedService {
  const evidence = [reading.port(service.protocol, service.port).words];
  const { r: _, ...memory } = serviceMemory(service.memory);
  const removed = remove(context, address, { ...service, memory }, STRONG_PROBABILITY, evidence);
  count(removed.counts, 'closed', 0, 1);
  return removed;
}

/** A host that goes down takes its services with it: what was doubtful of them is no question any more. */
export function leaveWithHost(address: string, service: ServiceState): JudgedService {
  const { r, p, ...memory } = serviceMemory(service.memory);
  if (r === undefined && p === undefined) return { ...emptyOutcome(), service };
  const deltas = openIdentityCandidate(address, service);
  if (r?.c === 1) deltas.push(refutedRemoval(address, service, 'reported with its host, which is down'));
  return { ...emptyOutcome(), deltas, service: { ...service, memory: compact(memory) } };
}
