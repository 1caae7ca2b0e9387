import type { JudgedDelta } from '../model/delta.ts';
import type { ServiceState } from '../model/state.ts';
import { expirySubject } from './certificate-expiry.ts';
import { emptyOutcome, isIgnored, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { openIdentityCandidate } from './identity-change.ts';
import { compact, type ServiceMemory, serviceMemory } from './memory.ts';
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
  const covered = context.history.ofPort(address, service.protocol, service.port, memory.t ?? 1);
  const kept: ServiceMemory = { ...flip.flips, h: (memory.h ?? 0) + covered };
  const after: ServiceState = {
    ...service,
    present: false,
    until: context.at,
    memory: compact({ ...kept, n: memory.n, r: memory.r, s: memory.s, v: memory.v, o: memory.o }),
  };
  const notes = flip.note === undefined ? [] : [flip.note];
  const resolved = memory.w === undefined ? [] : [expirySubject(address, service)];
  const ended = openIdentityCandidate(address, service);
  if (isIgnored(context, service.identity?.name)) return { ...emptyOutcome(), deltas: ended, resolved, service: after };
  return { ...emptyOutcome(), deltas: [flip.delta, ...ended], notes, resolved, service: after };
}

/** Both sides of a removal. */
export function gone(service: ServiceState) {
  const identity = service.identity === undefined ? {} : { identity: service.identity };
  return { before: { present: true, ...identity }, after: { present: false } };
}

/** A removal that was only thought of is none; `why` in plain words. */
export function refutedRemoval(address: string, service: ServiceState, why: string): JudgedDelta {
  return makeDelta('refuted', 'service-removed', address, service, {
    probability: 1,
    evidence: [why],
    ...gone(service),
  });
}
