import { subnetOf } from '../addresses.ts';
import type { JudgedDelta } from '../delta.ts';
import type { Belief, Judgement } from '../judgement.ts';
import { rangesContain } from '../ranges.ts';
import { makeDelta } from './context.ts';
import { hostMemory } from './memory.ts';
import { outageThreshold } from './outage.ts';
import { packPorts } from './port-sets.ts';
import type { Survey } from './survey.ts';

/** Above this share of lost probes silence says nothing of a port. */
export const PATH_LOST = 0.4;

/** So many hosts hard to reach in one scan are worth a word. */
const HARD_TO_REACH = 3;

/** Loss in the middle of a scan: told, so that nobody wonders why nothing was. */
export function lossNotes(survey: Survey): string[] {
  return [...timeOutNotes(survey), ...lostProbes(survey)];
}

function timeOutNotes({ readings }: Survey): string[] {
  const timedOut = [...readings.values()].filter(({ observation }) => observation?.timedOut === true).length;
  if (timedOut === 0) return [];
  const hosts = timedOut === 1 ? 'one host' : `${timedOut} hosts`;
  return [`${hosts} took longer than the host timeout: that scan says nothing of the ports there`];
}

function lostProbes(survey: Survey): string[] {
  const addresses = [...survey.controls.keys()].filter((address) => !survey.outage.frozen.has(address));
  const lost = addresses.filter((address) => survey.portMiss(address) > PATH_LOST);
  if (lost.length < HARD_TO_REACH) return [];
  return [
    `${lost.length} of ${addresses.length} hosts lost many probes in this scan: their silence counts for nothing`,
  ];
}

/** So many hosts of a subnet that answer everywhere are one thing in front of them. */
const ONE_PROXY = 3;

/** One `outage` for each subnet that fell silent, and the words for each that is back. */
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

export function outageNotes(survey: Survey, deltas: readonly JudgedDelta[]): string[] {
  return survey.outage.ended.map(({ address, back, members, last }) => {
    const behind = deltas.filter((delta) => delta.state === 'confirmed' && rangesContain(last, delta.address)).length;
    const all = back === members ? `all ${members} hosts answer again` : `${back} of ${members} hosts answer again`;
    if (back < members) return `path to ${address} is back: ${all}, the others are counted from now on`;
    const changes =
      behind === 0 ? 'nothing had changed behind it' : `${behind === 1 ? 'one change' : `${behind} changes`} behind it`;
    return `path to ${address} is back: ${all}, ${changes}`;
  });
}

/** Who answers on all ports and was not told yet; one delta a host, or one for all of a subnet. */
export function floodDeltas(belief: Belief, survey: Survey, strangers: Strangers): Pick<Judgement, 'deltas' | 'notes'> {
  const subnets = new Map<string, string[]>();
  const notes: string[] = [];
  for (const address of survey.floods) {
    const state = belief.hosts.get(address);
    const told = state === undefined ? strangers.told(address) : hostMemory(state.memory).a !== undefined;
    if (told) continue;
    if (state === undefined && strangers.learning(address)) {
      notes.push(`${address} answers on all its ports: its services are not judged`);
      continue;
    }
    const subnet = subnetOf(address);
    subnets.set(subnet, [...(subnets.get(subnet) ?? []), address]);
  }
  const deltas = [...subnets].flatMap(([subnet, addresses]) =>
    addresses.length >= ONE_PROXY
      ? [flood(subnet, addresses, `${addresses.length} hosts answer on all their ports`)]
      : addresses.map((address) => flood(address, openPorts(survey, address), words(survey, address))),
  );
  return { deltas, notes: notes.length <= MAX_NOTES ? notes : [`${notes.length} addresses answer on all their ports`] };
}

const MAX_NOTES = 5;

/** Addresses without a belief: told before, or still being learnt. */
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
