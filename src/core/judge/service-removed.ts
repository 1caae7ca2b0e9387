import type { JudgedDelta } from '../model/delta.ts';
import type { ServiceState } from '../model/state.ts';
import { expirySubject } from './certificate-expiry.ts';
import { emptyOutcome, isIgnored, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { openIdentityCandidate } from './identity-change.ts';
import { keepService, type ServiceMemory, serviceMemory } from './memory.ts';
import { countFlip } from './unstable.ts';

export type JudgedService = Outcome & { service: ServiceState };

/** Believed gone from now on. */
export function remove(
  context: ScanContext,
  address: string,
  service: ServiceState,
  probability: number,
  evidence: readonly string[],
): JudgedService {
  const memory = serviceMemory(service.memory);
  const delta = makeDelta('confirmed', 'service-removed', address, service, {
    probability,
    evidence,
    ...gone(service),
  });
  const flip = countFlip(memory, delta, context.policy, context.tick);
  const covered = context.history.ofPort(address, service.protocol, service.port, memory.since ?? 1);
  const kept: ServiceMemory = { ...flip.flips, earlierScans: (memory.earlierScans ?? 0) + covered };
  const after: ServiceState = {
    ...service,
    present: false,
    until: context.at,
    memory: keepService({
      ...kept,
      refuted: memory.refuted,
      run: memory.run,
      shyness: memory.shyness,
      nmap: memory.nmap,
      alike: memory.alike,
    }),
  };
  const notes = flip.note === undefined ? [] : [flip.note];
  const resolved = memory.warnedDays === undefined ? [] : [expirySubject(address, service)];
  const ended = openIdentityCandidate(address, service);
  if (isIgnored(context, service.identity?.name)) return { ...emptyOutcome(), deltas: ended, resolved, service: after };
  return { ...emptyOutcome(), deltas: [flip.delta, ...ended], notes, resolved, service: after };
}

/** Both sides of a removal. */
export function gone(service: ServiceState) {
  const identity = service.identity === undefined ? {} : { identity: service.identity };
  return { before: { present: true, ...identity }, after: { present: false } };
}

/** A suspected removal did not happen; `why` is plain text. */
export function refutedRemoval(address: string, service: ServiceState, why: string): JudgedDelta {
  return makeDelta('refuted', 'service-removed', address, service, {
    probability: 1,
    evidence: [why],
    ...gone(service),
  });
}
