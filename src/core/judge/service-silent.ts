import type { Doubt } from '../model/judgement.ts';
import type { ServiceState } from '../model/state.ts';
import { emptyOutcome, isAnnounced, makeDelta, type ScanContext } from './context.ts';
import { compact, type MissRun, serviceMemory } from './memory.ts';
import { betaMean, boundMiss, falsePositive, PRIOR, significant } from './probability.ts';
import { PATH_LOST } from './scan-rates.ts';
import { gone, type JudgedService, remove } from './service-removed.ts';
import { pooledMissWithout } from './tally.ts';

/** How many trials the group's pooled record weighs beside a service's own. */
const POOL_WEIGHT = 2;

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
  return {
    ...emptyOutcome(),
    candidates: [{ delta, doubts }],
    service: { ...service, memory: compact({ ...service.memory, r: run }) },
  };
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

function missWords(run: MissRun, own: OwnRecord): string[] {
  const words = [`no answer in ${times(run.k)}${run.k > 1 ? ' in a row' : ''}`];
  if (run.x !== undefined) words.push(`no answer to ${run.x} confirmation scan${run.x > 1 ? 's' : ''} either`);
  words.push(`before that missed ${own.misses} of ${Math.max(own.trials, own.misses)} scans`);
  return words;
}

/** "one scan", "3 scans". */
export const times = (k: number): string => (k === 1 ? 'one scan' : `${k} scans`);
