import type { Doubt } from '../model/judgement.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { countPorts, hasPort } from '../network/port-sets.ts';
import { emptyOutcome, isSettled, makeDelta, type ScanContext, type Service } from './context.ts';
import { boundMiss, SHY_MISSES, shyness, significant, stillThere } from './filter.ts';
import { PATH_LOST } from './loss.ts';
import { keepService, type MissRun, type ServiceMemory, serviceMemory } from './memory.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { gone, type JudgedService, remove } from './service-removed.ts';

/** A host, what this scan saw of it, and its control ports that should answer. */
export type Beside = { host: HostState; reading: Reading; controls: readonly Doubt[] };

/** Silence: one more miss, weighted by the measured loss. */
export function judgeSilent(context: ScanContext, beside: Beside, service: ServiceState): JudgedService {
  const { run: r } = serviceMemory(service.memory);
  const path = context.survey.portMiss(beside.host.address, service);
  if (path > PATH_LOST) return stillInDoubt(context, beside, service);
  const miss = boundMiss(Math.min(path + rateOf(context.group, 'blip'), 1 - closedShare(beside.reading, service)));
  const l = significant((r?.lost ?? 1) * miss);
  const together = r === undefined && context.survey.together(beside.host.address, service);
  const run: MissRun = context.confirmation
    ? { scans: 0, ...r, confirmations: (r?.confirmations ?? 0) + 1, lost: l }
    : { ...r, scans: (r?.scans ?? 0) + 1, lost: l, ...(together ? { allAlike: 1 } : {}) };
  return weigh(context, beside, service, run, path);
}

/** This scan is no evidence about it. A service that a confirmation should have settled is confirmed again. */
export function stillInDoubt(context: ScanContext, beside: Beside, service: ServiceState): JudgedService {
  const { run } = serviceMemory(service.memory);
  if (run === undefined || !context.confirmation) return { ...emptyOutcome(), service };
  return weigh(context, beside, service, run, 1);
}

/** Believed gone, or waiting for more evidence. */
function weigh(
  context: ScanContext,
  { host, reading, controls }: Beside,
  service: ServiceState,
  run: MissRun,
  path: number,
): JudgedService {
  const { address } = host;
  const drops = dropShare(reading, service);
  const shy = rateOf(context.group, 'shy') * serviceShyness(context, address, service, missedBefore(context, run));
  const probability = stillThere(run, shy, goneRate(context, run, drops) + context.survey.goneBeside(address, service));
  const evidence = missWords(context, address, service, run, path);
  if (isSettled(probability, context)) {
    const missed = { ...service, memory: keepService({ ...serviceMemory(service.memory), run }) };
    const removed = remove(context, address, missed, probability, evidence);
    // Many services that go together are one event, which does not show how often one goes by itself.
    if (run.allAlike === undefined) {
      count(removed.counts, 'fell', 0, 1 - drops);
      count(removed.counts, 'closed', 0, drops);
    }
    return removed;
  }
  const delta = makeDelta('candidate', 'service-removed', address, service, {
    probability,
    evidence,
    ...gone(service),
  });
  const alone = controls.length === 0 ? { ping: true } : {};
  const doubt = { address, protocol: service.protocol, port: service.port, ...alone };
  return {
    ...emptyOutcome(),
    candidates: [{ delta, doubts: [doubt, ...controls] }],
    service: { ...service, memory: keepService({ ...serviceMemory(service.memory), run }) },
  };
}

/** How often a service disappears in one scan; `drops`: how likely a closed port of this host looks silent. */
export function goneRate(
  { group }: Pick<ScanContext, 'group'>,
  { allAlike }: Pick<MissRun, 'allAlike'>,
  drops: number,
): number {
  return rateOf(group, 'fell') + drops * rateOf(group, 'closed') + (allAlike === undefined ? 0 : ALL_DROP);
}

/** Chance that a service that falls silent on all neighbours at once is gone for good. */
const ALL_DROP = 3e-3;

/** Among ports that are only known together: the share that was closed by an answer, so that none of those was lost. */
export function closedShare(reading: Reading, { protocol, port }: Service): number {
  const evidence = reading.port(protocol, port);
  return evidence.strength === 'not-open' ? evidence.closed : 0;
}

/** The share of the host's ports that are not open and are as silent as this one. */
export function dropShare({ silent, denied, notOpen }: Reading, { protocol, port }: Service): number {
  if (hasPort(notOpen, protocol, port)) return 1;
  const [dropped, refused] = [countPorts({ tcp: silent[protocol] ?? [] }), countPorts({ tcp: denied[protocol] ?? [] })];
  return (dropped + 0.5) / (dropped + refused + 1);
}

/** How well its record fits a service that often does not answer. */
export function serviceShyness(
  { history }: Pick<ScanContext, 'history'>,
  address: string,
  service: ServiceState,
  missed: number,
): number {
  const memory = serviceMemory(service.memory);
  const ofPort = (since: number) => history.ofPort(address, service.protocol, service.port, since);
  const since = memory.shyness === undefined ? (memory.since ?? 1) : memory.shyness[1] + 1;
  const hits = Math.max(0, ofPort(since) - missed);
  return shyness(memory.shyness ?? formerly(memory, hits), hits);
}

/** Beliefs of earlier versions only counted misses. */
const LIKELY_SHY = 1e4;

function formerly({ refuted = 0, since = 1 }: ServiceMemory, trials: number): ServiceMemory['shyness'] {
  const often = refuted > 1 && refuted > trials * (1 - SHY_MISSES) * 0.1;
  return often ? [LIKELY_SHY / SHY_MISSES ** Math.min(trials, 60), since] : undefined;
}

/** The misses in scans that the history already contains. */
const missedBefore = ({ confirmation }: ScanContext, { scans }: MissRun): number => (confirmation ? scans : scans - 1);

function missWords(context: ScanContext, address: string, service: ServiceState, run: MissRun, path: number): string[] {
  const { refuted = 0, earlierScans = 0, since = 1 } = serviceMemory(service.memory);
  const asked = context.history.ofPort(address, service.protocol, service.port, since);
  const covered = earlierScans + asked - missedBefore(context, run);
  const words = [
    run.denied === 1
      ? 'refused once, and no answer since'
      : `no answer in ${times(run.scans)}${run.scans > 1 ? ' in a row' : ''}`,
  ];
  if (run.confirmations !== undefined)
    words.push(`no answer to ${run.confirmations} confirmation scan${run.confirmations > 1 ? 's' : ''} either`);
  words.push(`before that missed ${refuted} of ${Math.max(covered, refuted)} scans`, lossWords(path));
  return words;
}

function lossWords(path: number): string {
  if (path < 0.001) return 'next to none of such probes are lost in this scan';
  return `${path < 0.1 ? Math.round(path * 1000) / 10 : Math.round(path * 100)} % of such probes are lost in this scan`;
}

/** "one scan", "3 scans". */
export const times = (k: number): string => (k === 1 ? 'one scan' : `${k} scans`);
