import { compareIdentity, type IdentityComparison, normaliseIdentity, sameIdentity } from '../compare/evidence.ts';
import type { JudgedDelta } from '../model/delta.ts';
import type { ServiceIdentity } from '../model/observation.ts';
import type { ServiceState } from '../model/state.ts';
import { type Candidate, emptyOutcome, isAnnounced, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { compact, type ServiceMemory, serviceMemory } from './memory.ts';
import { boundMiss, falsePositive, IDENTITY_CHANGES, rounded } from './probability.ts';
import type { Tally } from './rates.ts';
import { pooledMiss } from './rates.ts';

/** One named value that became another is strong; read twice it is all but certain. */
const STRONG_READ = 0.003;
const AGREEING_READS = 2;

type Identified = Outcome & { service: ServiceState };

/** An open port's identity in this scan, against the one believed. Two agreeing reads make a change. */
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
  const alike = memory.o?.some((other) => agrees(other, read)) === true;
  // Another nmap names services otherwise; keys and certificates are what they are.
  const otherNmap = compared.kind === 'service-changed' && (memory.v ?? 0) !== context.version;
  const learnt = alike || compared.strength === 'none' || otherNmap;
  if (learnt) {
    const next = learn(service, read, context.version);
    const deltas = serviceMemory(next.memory).p === undefined ? openIdentityCandidate(address, service) : [];
    return { ...emptyOutcome(), deltas, service: next };
  }
  if (compared.strength === 'same') return agree(address, service, memory, read, context.version);
  return disagree(context, address, service, memory, read, compared);
}

export type IdentityContext = Pick<ScanContext, 'policy' | 'version'> & { identities: Tally };

/** Quietly: what was only guessed becomes what was read; another nmap reads otherwise. */
function learn(service: ServiceState, read: ServiceIdentity, version: number): ServiceState {
  const before = service.identity;
  if (before !== undefined && !saysMore(before, read)) return service;
  const identity = before === undefined ? read : withKnownKeys(before, read);
  return remember({ ...service, identity }, { p: undefined, v: version });
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

/** Something read replaces nothing and guesses, never the other way round. */
function saysMore(before: ServiceIdentity, read: ServiceIdentity): boolean {
  return rank(read) > rank(before) || (rank(read) === 2 && rank(before) === 2);
}

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
  const outcome = { ...emptyOutcome(), identities: { n: 1, m: 0 } };
  const known = service.identity;
  outcome.deltas.push(...openIdentityCandidate(address, service));
  if (known !== undefined && isRicher(known, read)) {
    const identity = withKnownKeys(known, read);
    return { ...outcome, service: remember({ ...service, identity }, { p: undefined, v: version }) };
  }
  return { ...outcome, service: memory.p === undefined ? service : remember(service, { p: undefined }) };
}

/** The same, told more exactly. */
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
  const outcome = { ...emptyOutcome(), identities: { n: 1, m: strong ? 0 : 1 } };
  const again = memory.p !== undefined && agrees(memory.p.i, read);
  const chance = strong ? STRONG_READ : boundMiss(pooledMiss(context.identities));
  const reads = again ? (memory.p?.n ?? 0) + 1 : 1;
  const missed = rounded((again ? (memory.p?.l ?? 1) : 1) * chance);
  const probability = falsePositive(missed, IDENTITY_CHANGES);
  const sides = sidesOf(service.identity, read);
  const evidence = [compared.words, reads === 1 ? 'read once' : `read ${reads} times in a row`];
  if (reads >= AGREEING_READS && isAnnounced(probability, context.policy)) {
    const delta = makeDelta('confirmed', compared.kind, address, service, { probability, evidence, ...sides });
    const changed = remember({ ...service, identity: read }, { p: undefined, v: context.version });
    return { ...outcome, deltas: [delta], service: changed };
  }
  const delta = makeDelta('candidate', compared.kind, address, service, { probability, evidence, ...sides });
  const doubt = { address, protocol: service.protocol, port: service.port, identity: true as const };
  const candidates: Candidate[] = [{ delta, doubts: [doubt] }];
  return {
    ...outcome,
    candidates,
    service: remember(service, { p: { ...(again ? memory.p : {}), i: read, n: reads, l: missed } }),
  };
}

/** Both the same other identity. */
function agrees(a: ServiceIdentity, b: ServiceIdentity): boolean {
  return sameIdentity(a, b) && sameIdentity(b, a);
}

function sidesOf(before: ServiceIdentity | undefined, after: ServiceIdentity) {
  return {
    before: { present: true, ...(before === undefined ? {} : { identity: before }) },
    after: { present: true, identity: after },
  };
}

/** The end of a candidate that was told, however it ended; nothing where none was. */
export function openIdentityCandidate(address: string, service: ServiceState): JudgedDelta[] {
  const { p } = serviceMemory(service.memory);
  return p?.c === 1 ? [refuted(address, service, p.i)] : [];
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

function remember(service: ServiceState, change: Partial<Record<keyof ServiceMemory, unknown>>): ServiceState {
  return { ...service, memory: compact({ ...service.memory, ...change }) };
}
