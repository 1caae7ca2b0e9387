import type { Doubt } from '../model/judgement.ts';
import type { HostState, ServiceState } from '../model/state.ts';
import { countPorts, hasPort } from '../network/port-sets.ts';
import { emptyOutcome, isSettled, makeDelta, type ScanContext, type Service } from './context.ts';
import { SHY_MISSES, shyness, stillThere } from './filter.ts';
import { PATH_LOST } from './loss.ts';
import { compact, type MissRun, type ServiceMemory, serviceMemory } from './memory.ts';
import { boundMiss, significant } from './probability.ts';
import { count, rateOf } from './rates.ts';
import type { Reading } from './reading.ts';
import { gone, type JudgedService, remove } from './service-removed.ts';

/** A host, what this scan saw of it, and a port of it that should answer. */
export type Beside = { host: HostState; reading: Reading; controls: readonly Doubt[] };

/** Silence: one more miss, worth as much as the loss that was measured allows. */
export function judgeSilent(context: ScanContext, beside: Beside, service: ServiceState): JudgedService {
  const { r } = serviceMemory(service.memory);
  const path = context.survey.portMiss(beside.host.address, service);
  if (path > PATH_LOST) return { ...emptyOutcome(), service };
  const miss = boundMiss(Math.min(path + rateOf(context.group, 'blip'), 1 - closedShare(beside.reading, service)));
  const run: MissRun = context.confirmation
    ? { k: 0, ...r, x: (r?.x ?? 0) + 1, l: significant((r?.l ?? 1) * miss) }
    : { ...r, k: (r?.k ?? 0) + 1, l: significant((r?.l ?? 1) * miss) };
  return weigh(context, beside, service, run, path);
}

/** Believed gone, or waiting for more. */
function weigh(
  context: ScanContext,
  { host, reading, controls }: Beside,
  service: ServiceState,
  run: MissRun,
  path: number,
): JudgedService {
  const { address } = host;
  const drops = dropShare(reading, service);
  const shy = serviceShyness(context, address, service, missedBefore(context, run));
  const goes = rateOf(context.group, 'fell') + drops * rateOf(context.group, 'closed');
  const probability = stillThere(run, shy, goes);
  const evidence = missWords(context, address, service, run, path);
  if (isSettled(probability, context)) {
    const missed = { ...service, memory: compact({ ...service.memory, r: run }) };
    const removed = remove(context, address, missed, probability, evidence);
    count(removed.counts, 'fell', 0, 1 - drops);
    count(removed.counts, 'closed', 0, drops);
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
    service: { ...service, memory: compact({ ...service.memory, r: run }) },
  };
}

/** Among ports that are known together only: the share that was closed by an answer, so that none of these was lost. */
export function closedShare(reading: Reading, { protocol, port }: Service): number {
  const evidence = reading.port(protocol, port);
  return evidence.strength === 'not-open' ? evidence.closed : 0;
}

/** Of the host's ports that are not open, the share that looks as silent as this one. */
export function dropShare({ silent, denied, notOpen }: Reading, { protocol, port }: Service): number {
  if (hasPort(notOpen, protocol, port)) return 1;
  const [dropped, refused] = [countPorts({ tcp: silent[protocol] ?? [] }), countPorts({ tcp: denied[protocol] ?? [] })];
  return (dropped + 0.5) / (dropped + refused + 1);
}

/** Odds that it is a service that often does not answer. */
export function serviceShyness(
  { group, history }: Pick<ScanContext, 'group' | 'history'>,
  address: string,
  service: ServiceState,
  missed: number,
): number {
  const memory = serviceMemory(service.memory);
  const ofPort = (since: number) => history.ofPort(address, service.protocol, service.port, since);
  const since = memory.y === undefined ? (memory.t ?? 1) : memory.y[1] + 1;
  const hits = Math.max(0, ofPort(since) - missed);
  return shyness(memory.y ?? formerly(memory, hits), rateOf(group, 'shy'), hits);
}

/** Beliefs of earlier versions only counted misses. */
function formerly({ n = 0, t = 1 }: ServiceMemory, trials: number): ServiceMemory['y'] {
  const often = n > 1 && n > trials * (1 - SHY_MISSES) * 0.1;
  return often ? [1 / SHY_MISSES ** Math.min(trials, 60), t] : undefined;
}

/** Of its misses, those in scans that stand in the history already. */
const missedBefore = ({ confirmation }: ScanContext, { k }: MissRun): number => (confirmation ? k : k - 1);

function missWords(context: ScanContext, address: string, service: ServiceState, run: MissRun, path: number): string[] {
  const { n = 0, h = 0, t = 1 } = serviceMemory(service.memory);
  const asked = context.history.ofPort(address, service.protocol, service.port, t);
  const covered = h + asked - missedBefore(context, run);
  const words = [`no answer in ${times(run.k)}${run.k > 1 ? ' in a row' : ''}`];
  if (run.x !== undefined) words.push(`no answer to ${run.x} confirmation scan${run.x > 1 ? 's' : ''} either`);
  words.push(`before that missed ${n} of ${Math.max(covered, n)} scans`, lossWords(path));
  return words;
}

function lossWords(path: number): string {
  if (path < 0.001) return 'next to none of such probes are lost in this scan';
  return `${path < 0.1 ? Math.round(path * 1000) / 10 : Math.round(path * 100)} % of such probes are lost in this scan`;
}

/** "one scan", "3 scans". */
export const times = (k: number): string => (k === 1 ? 'one scan' : `${k} scans`);
