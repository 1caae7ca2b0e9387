import { grouped } from '../grouped.ts';
import type { DeltaSubject, JudgedDelta } from '../model/delta.ts';
import type { Belief, Judgement, SteadyCounts } from '../model/judgement.ts';
import { rangesContain } from '../network/address-ranges.ts';
import { subnetOf } from '../network/addresses.ts';
import { packPorts } from '../network/port-sets.ts';
import { makeDelta } from './context.ts';
import { SEVERAL } from './filter.ts';
import { PATH_LOST } from './loss.ts';
import { type GroupMemory, hostMemory } from './memory.ts';
import { outageThreshold } from './outage.ts';
import type { Survey } from './survey.ts';

/** One `outage` for each subnet that fell silent. */
export function outageDeltas(survey: Survey): JudgedDelta[] {
  return survey.outage.begun.map(({ address, members, of }) => {
    const sure = members.length === of || members.length >= 2 * outageThreshold(of, 0.01);
    const evidence = [
      `${members.length} of ${of} hosts fell silent at once`,
      members.length === of ? 'no host answers' : `${of - members.length} others still answer`,
      'probably the path to them: none of them is counted as missing until the path is proved',
    ];
    const delta = makeDelta('confirmed', 'outage', address, undefined, { probability: sure ? 0.02 : 0.1, evidence });
    return { ...delta, members };
  });
}

/**
 * Outages that were open before this scan and are over: their path is back or proved, or their hosts have left the
 * group.
 */
export function outagesOver(before: GroupMemory, { outage }: Survey): DeltaSubject[] {
  const still = new Set(outage.outages.flatMap(({ area, pathWorks }) => (pathWorks === undefined ? [area] : [])));
  const over = before.outages.filter(({ area, pathWorks }) => pathWorks === undefined && !still.has(area));
  return over.map(({ area }) => ({ kind: 'outage', address: area }));
}

/** Hosts that answer on all ports and were not reported yet: one delta per host, or one for a whole subnet. */
export function floodDeltas(belief: Belief, survey: Survey, strangers: Strangers): Pick<Judgement, 'deltas' | 'notes'> {
  const found: string[] = [];
  const notes: string[] = [];
  for (const address of survey.floods) {
    const state = belief.hosts.get(address);
    const told = state === undefined ? strangers.told(address) : hostMemory(state.memory).flood !== undefined;
    if (told) continue;
    if (state === undefined && strangers.learning(address)) {
      notes.push(`${address} answers on all its ports: its services are not judged`);
      continue;
    }
    found.push(address);
  }
  const deltas = [...grouped(found, subnetOf)].flatMap(([subnet, addresses]) =>
    addresses.length >= SEVERAL
      ? [flood(subnet, addresses, `${addresses.length} hosts answer on all their ports`)]
      : addresses.map((address) => flood(address, openPorts(survey, address), words(survey, address))),
  );
  return { deltas, notes: notes.length <= SEVERAL ? notes : [`${notes.length} addresses answer on all their ports`] };
}

/** Addresses without a belief: reported before, or still being learnt. */
export type Strangers = { told(address: string): boolean; learning(address: string): boolean };

function flood(address: string, members: readonly string[], evidence: string): JudgedDelta {
  const why = 'a tarpit, a SYN proxy or a firewall that accepts for others: its services are left as they were';
  const delta = makeDelta('confirmed', 'all-ports-open', address, undefined, {
    probability: 0.02,
    evidence: [evidence, why],
  });
  return { ...delta, members };
}

function words(survey: Survey, address: string): string {
  return `${survey.readings.get(address)?.open.length ?? 0} ports open at once`;
}

function openPorts(survey: Survey, address: string): string[] {
  const packed = packPorts(survey.readings.get(address)?.openPorts ?? {}) ?? {};
  return Object.entries(packed).flatMap(([protocol, text]) => text.split(',').map((range) => `${range}/${protocol}`));
}

/** One line for each path that is back, with what had changed behind it. */
export function outageNotes(survey: Survey, deltas: readonly JudgedDelta[]): string[] {
  return survey.outage.ended.map(({ address, back, members, last }) => {
    const behind = deltas.filter((delta) => delta.state === 'confirmed' && rangesContain(last, delta.address)).length;
    const all = back === members ? `all ${members} hosts answer again` : `${back} of ${members} hosts answer again`;
    if (back === 0)
      return `the path to ${address} works, as other hosts there show: ${members} silent hosts are counted from now on`;
    if (back < members) return `path to ${address} is back: ${all}, the others are counted from now on`;
    const changes =
      behind === 0 ? 'nothing had changed behind it' : `${behind === 1 ? 'one change' : `${behind} changes`} behind it`;
    return `path to ${address} is back: ${all}, ${changes}`;
  });
}

/** Notes on loss during a scan, so that nobody wonders why nothing was reported. */
export function lossNotes(survey: Survey, steady: SteadyCounts): string[] {
  return [...timeOutNotes(timedOutIn(survey)), ...lostProbes(survey, steady)];
}

export function timedOutIn({ readings }: Pick<Survey, 'readings'>): number {
  let hosts = 0;
  for (const { observation } of readings.values()) if (observation?.timedOut === true) hosts += 1;
  return hosts;
}

export function timeOutNotes(timedOut: number): string[] {
  if (timedOut === 0) return [];
  const hosts = timedOut === 1 ? 'one host' : `${timedOut} hosts`;
  return [`${hosts} took longer than the host timeout: that scan gave no evidence about their ports`];
}

function lostProbes(survey: Survey, steady: SteadyCounts): string[] {
  const addresses = [...survey.controls.keys()].filter(
    (address) => !survey.outage.frozen.has(address) && !survey.dark.has(address),
  );
  const others = survey.portMiss() > PATH_LOST ? steady.hosts : 0;
  const lost = addresses.filter((address) => survey.portMiss(address) > PATH_LOST).length + others;
  if (lost < SEVERAL) return [];
  return [
    `${lost} of ${addresses.length + steady.hosts} hosts lost many probes in this scan: their silence counts for nothing`,
  ];
}
