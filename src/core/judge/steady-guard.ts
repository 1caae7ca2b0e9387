import { hostEvidence, portLookup } from '../compare/evidence.ts';
import type { ScanEvidence } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { HostState, Memory } from '../model/state.ts';
import { fromAddressRanges, rangesContain } from '../network/address-ranges.ts';
import { subnetOf } from '../network/addresses.ts';
import { freshAddresses } from './baseline.ts';
import { groupMemory } from './memory.ts';
import { modeOf } from './survey.ts';

/** Whether a host that was found steady may be passed over at all: not behind a path that is not proved. */
export function mayPassOver(memory: Memory): (address: string) => boolean {
  const { tick, outages } = groupMemory(memory);
  const members = fromAddressRanges(outages.flatMap(({ m }) => m));
  return (address) => tick > 0 && !rangesContain(members, address);
}

/**
 * A scan in which even a steady host may mean something else: hosts are found in another way than before, or are asked
 * for the first time by the group's own record.
 */
export function mustJudgeAll(memory: Memory, evidence: ScanEvidence, passedOver: Iterable<string>): boolean {
  const observations = [...evidence.hosts];
  if (observations.some(({ reason }) => reason === 'user-set')) return true;
  const fresh = freshAddresses(groupMemory(memory), evidence, modeOf(evidence, observations));
  if (fresh.length === 0) return false;
  for (const address of passedOver) if (rangesContain(fresh, address)) return true;
  return false;
}

/**
 * Subnets in which a service of a host that answers is silent. What its neighbours did at the same port is the control for
 * that, so each of them is judged, steady or not.
 */
export function loudSubnets(hosts: Iterable<HostObservation>, states: ReadonlyMap<string, HostState>): Set<string> {
  const loud = new Set<string>();
  for (const host of hosts) {
    const state = states.get(host.address);
    if (state === undefined || host.timedOut || hostEvidence(host).strength !== 'strong-present') continue;
    const evidence = portLookup(host);
    const isHeard = ({ protocol, port }: HostState['services'][number]): boolean => {
      const { strength } = evidence(protocol, port);
      return strength === 'strong-present' || strength === 'strong-absent';
    };
    if (!state.services.every((service) => !service.present || isHeard(service))) loud.add(subnetOf(host.address));
  }
  return loud;
}
