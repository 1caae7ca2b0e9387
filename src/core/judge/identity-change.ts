import { compareIdentity, type IdentityComparison, normaliseIdentity, sameIdentity } from '../compare/evidence.ts';
import type { JudgedDelta } from '../model/delta.ts';
import type { ServiceIdentity } from '../model/observation.ts';
import type { ServiceState } from '../model/state.ts';
import { type Candidate, emptyOutcome, isAnnounced, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { boundMiss, IDENTITY_CHANGES, rounded, STRONG_PROBABILITY, stillThere } from './filter.ts';
import { keepService, type Loose, type ServiceMemory, serviceMemory } from './memory.ts';
import { pooledMiss, type Tally } from './rates.ts';

type Identified = Outcome & { service: ServiceState };

/** Compares an open port's identity in this scan with the believed one. Two agreeing reads make a change. */
export function judgeIdentity(
  context: IdentityContext,
  address: string,
  service: ServiceState,
  read: ServiceIdentity | undefined,
): Identified {
  const memory = serviceMemory(service.memory);
  if (read === undefined) return { ...emptyOutcome(), service };
  const before = service.identity;
  const compared = compareIdentity(before, read);
  const alike = memory.alike?.some((other) => agrees(other, read)) === true;
  // Another nmap may name services differently; keys and certificates don't depend on nmap.
  const otherNmap = compared.kind === 'service-changed' && (memory.nmap ?? 0) !== context.version;
  const learnt = alike || compared.strength === 'none' || otherNmap;
  if (learnt) {
    const next = learn(service, read, context.version);
    const deltas = serviceMemory(next.memory).pending === undefined ? openIdentityCandidate(address, service) : [];
    return { ...emptyOutcome(), deltas, service: next };
  }
  if (compared.strength === 'same') return agree(address, service, memory, read, context.version);
  return disagree(context, address, service, memory, read, compared);
}

export type IdentityContext = Pick<ScanContext, 'policy' | 'version'> & { identities: Tally };

/** Learnt without a delta: a guess becomes a read, or another nmap reads it differently. */
function learn(service: ServiceState, read: ServiceIdentity, version: number): ServiceState {
  const before = service.identity;
  if (before !== undefined && !saysMore(before, read)) return service;
  const identity = before === undefined ? read : withKnownKeys(before, read);
  return remember({ ...service, identity }, { pending: undefined, nmap: version });
}

/** A key or certificate that was not shown this time is still believed. */
function withKnownKeys(known: ServiceIdentity, read: ServiceIdentity): ServiceIdentity {
  const certificate = read.certificate ?? known.certificate;
  const missing = (known.hostKeys ?? []).filter((key) => !read.hostKeys?.some((other) => other.type === key.type));
  const hostKeys = [...(read.hostKeys ?? []), ...missing];
  return {
    ...read,
    ...(certificate === undefined ? {} : { certificate }),
    ...(hostKeys.length === 0 ? {} : { hostKeys }),
  };
}

/** A probed identity replaces a missing or guessed one, never the other way round. */
function saysMore(before: ServiceIdentity, read: ServiceIdentity): boolean {
  return rank(read) > rank(before) || (rank(read) === 2 && rank(before) === 2);
}

/** It was read, and is no mere guess. */
export const saysWhatItIs = (identity: ServiceIdentity | undefined): boolean =>
  identity !== undefined && rank(identity) === 2;

function rank(identity: ServiceIdentity): 0 | 1 | 2 {
  if (identity.method === 'table') return 0;
  return identity.name === 'tcpwrapped' || identity.name === 'unknown' ? 1 : 2;
}

function agree(
  address: string,
  service: ServiceState,
  memory: ServiceMemory,
  read: ServiceIdentity,
  version: number,
): Identified {
  const outcome = emptyOutcome();
  outcome.identities.trials = 1;
  const known = service.identity;
  for (const delta of openIdentityCandidate(address, service)) outcome.deltas.push(delta);
  // The very same one is that of a service that was just learnt.
  if (known !== undefined && known !== read && isRicher(known, read)) {
    const identity = withKnownKeys(known, read);
    return { ...outcome, service: remember({ ...service, identity }, { pending: undefined, nmap: version }) };
  }
  return { ...outcome, service: memory.pending === undefined ? service : remember(service, { pending: undefined }) };
}

/** The same identity, only more specific. */
function isRicher(known: ServiceIdentity, read: ServiceIdentity): boolean {
  const [before, after] = [normaliseIdentity(known), normaliseIdentity(read)];
  if (known.certificate === undefined && read.certificate !== undefined) return true;
  const shown = read.hostKeys?.some((key) => !known.hostKeys?.some((other) => other.type === key.type));
  if (shown === true) return true;
  return after.product.length >= before.product.length && after.version.length > before.version.length;
}

function disagree(
  context: IdentityContext,
  address: string,
  service: ServiceState,
  memory: ServiceMemory,
  read: ServiceIdentity,
  compared: IdentityComparison,
): Identified {
  const strong = compared.strength === 'strong-changed';
  const outcome = { ...emptyOutcome(), identities: { trials: 1, misses: strong ? 0 : 1 } };
  const again = memory.pending !== undefined && agrees(memory.pending.identity, read);
  const chance = strong ? STRONG_PROBABILITY : boundMiss(pooledMiss(context.identities));
  const reads = again ? (memory.pending?.reads ?? 0) + 1 : 1;
  const missed = rounded((again ? (memory.pending?.chance ?? 1) : 1) * chance);
  const probability = stillThere({ scans: reads, lost: missed }, 0, IDENTITY_CHANGES);
  const sides = sidesOf(service.identity, read);
  const evidence = [compared.words, reads === 1 ? 'read once' : `read ${reads} times in a row`];
  if (again && isAnnounced(probability, context.policy)) {
    const delta = makeDelta('confirmed', compared.kind, address, service, { probability, evidence, ...sides });
    const changed = remember({ ...service, identity: read }, { pending: undefined, nmap: context.version });
    return { ...outcome, deltas: [delta], service: changed };
  }
  const delta = makeDelta('candidate', compared.kind, address, service, { probability, evidence, ...sides });
  const doubt = { address, protocol: service.protocol, port: service.port, identity: true as const };
  const candidates: Candidate[] = [{ delta, doubts: [doubt] }];
  return {
    ...outcome,
    candidates,
    service: remember(service, {
      pending: { ...(again ? memory.pending : {}), identity: read, reads: reads, chance: missed },
    }),
  };
}

/** Both reads are the same other identity. */
function agrees(a: ServiceIdentity, b: ServiceIdentity): boolean {
  return sameIdentity(a, b) && sameIdentity(b, a);
}

function sidesOf(before: ServiceIdentity | undefined, after: ServiceIdentity) {
  return {
    before: { present: true, ...(before === undefined ? {} : { identity: before }) },
    after: { present: true, identity: after },
  };
}

/** The end of a recorded candidate, however it ended; empty if there was none. */
export function openIdentityCandidate(address: string, service: ServiceState): JudgedDelta[] {
  const { pending } = serviceMemory(service.memory);
  return pending?.candidate === 1 ? [refuted(address, service, pending.identity)] : [];
}

function refuted(address: string, service: ServiceState, other: ServiceIdentity) {
  const evidence = ['it was not read so again'];
  const { kind } = compareIdentity(service.identity, other);
  return makeDelta('refuted', kind, address, service, {
    probability: 1,
    evidence,
    ...sidesOf(service.identity, other),
  });
}

function remember(service: ServiceState, change: Loose<ServiceMemory>): ServiceState {
  return { ...service, memory: keepService({ ...serviceMemory(service.memory), ...change }) };
}
