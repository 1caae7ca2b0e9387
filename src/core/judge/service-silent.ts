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
  const l = significant((r?.l ?? 1) * miss);
  const together = r === undefined && context.survey.together(beside.host.address, service);
  const run: MissRun = context.confirmation
    ? { k: 0, ...r, x: (r?.x ?? 0) + 1, l }
    : { ...r, k: (r?.k ?? 0) + 1, l, ...(together ? { a: 1 } : {}) };
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
  const shy = rateOf(context.group, 'shy') * serviceShyness(context, address, service, missedBefore(context, run));
  const probability = stillThere(run, shy, goneRate(context, run, drops));
  const evidence = missWords(context, address, service, run, path);
  if (isSettled(probability, context)) {
    const missed = { ...service, memory: compact({ ...service.memory, r: run }) };
    const removed = remove(context, address, missed, probability, evidence);
    // Many that go together are one event, which says nothing of how often one goes by itself.
    if (run.a === undefined) {
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
    service: { ...service, memory: compact({ ...service.memory, r: run }) },
  };
}

/** How often a service goes in one scan; `drops`: how likely a port of this host that is closed looks silent. */
export function goneRate({ group }: Pick<ScanContext, 'group'>, { a }: Pick<MissRun, 'a'>, drops: number): number {
  return rateOf(group, 'fell') + drops * rateOf(group, 'closed') + (a === undefined ? 0 : ALL_DROP);
}

/** Chance that what falls silent on all neighbours at once does so for good. */
const ALL_DROP = 3e-3;

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

/** How well its record goes with its being a service that often does not answer. */
export function serviceShyness(
  { history }: Pick<ScanContext, 'history'>,
  address: string,
  service: ServiceState,
  missed: number,
): number {
  const memory = serviceMemory(service.memory);
  const ofPort = (since: number) => history.ofPort(address, service.protocol, service.port, since);
  const since = memory.s === undefined ? (memory.t ?? 1) : memory.s[1] + 1;
  const hits = Math.max(0, ofPort(since) - missed);
  return shyness(memory.s ?? formerly(memory, hits), hits);
}

/** Beliefs of earlier versions only counted misses. */
const LIKELY_SHY = 1e4;

function formerly({ n = 0, t = 1 }: ServiceMemory, trials: number): ServiceMemory['s'] {
  const often = n > 1 && n > trials * (1 - SHY_MISSES) * 0.1;
  return often ? [LIKELY_SHY / SHY_MISSES ** Math.min(trials, 60), t] : undefined;
}

/** Of its misses, those in scans that stand in the history already. */
const missedBefore = ({ confirmation }: ScanContext, { k }: MissRun): number => (confirmation ? k : k - 1);

function missWords(context: ScanContext, address: string, service: ServiceState, run: MissRun, path: number): string[] {
  const { n = 0, h = 0, t = 1 } = serviceMemory(service.memory);
  const asked = context.history.ofPort(address, service.protocol, service.port, t);
  const covered = h + asked - missedBefore(context, run);
  const words = [
    run.d === 1 ? 'refused once, and no answer since' : `no answer in ${times(run.k)}${run.k > 1 ? ' in a row' : ''}`,
  ];
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
