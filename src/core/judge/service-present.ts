import type { Doubt } from '../judgement.ts';
import type { PortObservation } from '../observation.ts';
import type { ServiceState } from '../state.ts';
import { PATH_LOST } from './collapsed.ts';
import { emptyOutcome, isAnnounced, isIgnored, makeDelta, type Outcome, type ScanContext } from './context.ts';
import { judgeIdentity, openIdentityCandidate } from './identity-change.ts';
import { compact, type MissRun, type ServiceMemory, serviceMemory } from './memory.ts';
import { betaMean, boundMiss, falsePositive, PRIOR, STRONG_PROBABILITY, significant } from './probability.ts';
import type { Reading } from './reading.ts';
import { pooledMissWithout } from './tally.ts';
import { countFlip } from './unstable.ts';

export type JudgedService = Outcome & { service: ServiceState };

/** How many trials the group's pooled record weighs beside a service's own. */
const POOL_WEIGHT = 2;

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
  if (memory.r.c === 1) read.deltas.push(refuted(address, service, memory.r));
  const n = (memory.n ?? 0) + memory.r.k;
  return { ...read, service: withMemory(read.service, { r: undefined, n }) };
}

/** A reset or a filter's answer where a service was: it is gone, and no need to wait. */
export function judgeDenied(
  context: ScanContext,
  address: string,
  service: ServiceState,
  reading: Reading,
): JudgedService {
  const evidence = [reading.port(service.protocol, service.port).words];
  return remove(context, address, service, STRONG_PROBABILITY, evidence);
}

/** Silence: one more miss, worth as much as the scan's loss allows. `control`: a port of the host that answered. */
export function judgeSilent(
  context: ScanContext,
  address: string,
  service: ServiceState,
  control: Doubt | undefined,
): JudgedService {
  const memory = serviceMemory(service.memory);
  const scanMiss = context.survey.portMiss(address, service);
  if (scanMiss > PATH_LOST) return { ...emptyOutcome(), service };
  const own = ownMiss(context, address, service);
  const chance = boundMiss(Math.max(scanMiss, own.chance));
  const run: MissRun = { ...memory.r, k: (memory.r?.k ?? 0) + 1, l: significant((memory.r?.l ?? 1) * chance) };
  const words = `${Math.round(scanMiss * 100)} % of such probes are lost in this scan`;
  return weigh(context, address, service, run, [...missWords(run, own), words], control);
}

/** A confirmation scan heard nothing either: it counts for a service that a scan missed. */
export function judgeStillSilent(
  context: ScanContext,
  address: string,
  service: ServiceState,
  control: Doubt | undefined,
): JudgedService {
  const { r } = serviceMemory(service.memory);
  if (r === undefined) return { ...emptyOutcome(), service };
  const chance = context.survey.portMiss(address, service);
  const run: MissRun = { ...r, x: (r.x ?? 0) + 1, l: significant(r.l * chance) };
  return weigh(context, address, service, run, missWords(run, ownMiss(context, address, service)), control);
}

/** Believed gone, or waiting for more. */
function weigh(
  context: ScanContext,
  address: string,
  service: ServiceState,
  run: MissRun,
  evidence: readonly string[],
  control: Doubt | undefined,
): JudgedService {
  const probability = falsePositive(run.l, PRIOR.serviceSilent);
  if (isAnnounced(probability, context.policy)) return remove(context, address, service, probability, evidence);
  const told = { probability, evidence, ...gone(service) };
  const delta = makeDelta('candidate', 'service-removed', address, service, told);
  const doubt = { address, protocol: service.protocol, port: service.port };
  const doubts = control === undefined ? [doubt] : [doubt, control];
  return { ...emptyOutcome(), candidates: [{ delta, doubts }], service: withMemory(service, { r: run }) };
}

/** A host that goes down takes its services with it: what was doubtful of them is no question any more. */
export function leaveWithHost(address: string, service: ServiceState): JudgedService {
  const { r, p, ...memory } = serviceMemory(service.memory);
  if (r === undefined && p === undefined) return { ...emptyOutcome(), service };
  const deltas = openIdentityCandidate(address, service);
  if (r?.c === 1) {
    const told = { probability: 1, evidence: ['told with its host, which is down'], ...gone(service) };
    deltas.push(makeDelta('refuted', 'service-removed', address, service, told));
  }
  return { ...emptyOutcome(), deltas, service: { ...service, memory: compact(memory) } };
}

type OwnRecord = { chance: number; misses: number; trials: number };

/**
 * Its own record of misses that were refuted, beside the group's. Misses of a run that goes on count half: each of them
 * makes it likelier that this is a service that often does not answer, which a young record can't tell from a closed one.
 */
function ownMiss(context: ScanContext, address: string, service: ServiceState): OwnRecord {
  const memory = serviceMemory(service.memory);
  const covered = context.history.ofPort(address, service.protocol, service.port, memory.t ?? 1);
  const run = memory.r?.k ?? 0;
  const trials = Math.max(0, (memory.h ?? 0) + covered - run);
  const misses = Math.min(memory.n ?? 0, trials);
  const pool = pooledMissWithout(context.group.services, run);
  return { chance: betaMean(pool, POOL_WEIGHT, misses + run / 2, trials + run / 2), misses, trials };
}

function remove(
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
    memory: compact({ ...kept, n: memory.n, v: memory.v, o: memory.o }),
  };
  const notes = flip.note === undefined ? [] : [flip.note];
  const ended = openIdentityCandidate(address, service);
  if (isIgnored(context, service.identity?.name)) return { ...emptyOutcome(), deltas: ended, service: after };
  return { ...emptyOutcome(), deltas: [flip.delta, ...ended], notes, service: after };
}

function gone(service: ServiceState) {
  const identity = service.identity === undefined ? {} : { identity: service.identity };
  return { before: { present: true, ...identity }, after: { present: false } };
}

function refuted(address: string, service: ServiceState, run: MissRun) {
  const evidence = [`it answers again after ${times(run.k)} without an answer`];
  return makeDelta('refuted', 'service-removed', address, service, { probability: 1, evidence, ...gone(service) });
}

function missWords(run: MissRun, own: OwnRecord): string[] {
  const words = [`no answer in ${times(run.k)}${run.k > 1 ? ' in a row' : ''}`];
  if (run.x !== undefined) words.push(`no answer to ${run.x} confirmation scan${run.x > 1 ? 's' : ''} either`);
  words.push(`before that missed ${own.misses} of ${Math.max(own.trials, own.misses)} scans`);
  return words;
}

const times = (k: number): string => (k === 1 ? 'one scan' : `${k} scans`);

function withMemory(service: ServiceState, change: Partial<Record<keyof ServiceMemory, unknown>>): ServiceState {
  return { ...service, memory: compact({ ...service.memory, ...change }) };
}
