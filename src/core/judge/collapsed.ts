import type { DeltaSubject, JudgedDelta } from '../model/delta.ts';
import type { Belief, Judgement } from '../model/judgement.ts';
import { subnetOf } from '../network/addresses.ts';
import { packPorts } from '../network/port-sets.ts';
import { makeDelta } from './context.ts';
import { type GroupMemory, hostMemory } from './memory.ts';
import { outageThreshold } from './outage.ts';
import type { Survey } from './survey.ts';

/** So many hosts of a subnet that answer everywhere are one thing in front of them. */
const ONE_PROXY = 3;

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

/** Those that went on before this scan, and do no more: their path is back, or proved, or their hosts have left. */
export function outagesOver(before: GroupMemory, { outage }: Survey): DeltaSubject[] {
  const still = new Set(outage.outages.flatMap(({ a, p }) => (p === undefined ? [a] : [])));
  const over = before.outages.filter(({ a, p }) => p === undefined && !still.has(a));
  return over.map(({ a }) => ({ kind: 'outage', address: a }));
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
