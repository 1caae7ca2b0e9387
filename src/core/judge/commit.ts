import type { JudgedDelta } from '../model/delta.ts';
import type { Belief, Judgement, ScanEvidence } from '../model/judgement.ts';
import type { Policy } from '../model/policy.ts';
import type { HostState } from '../model/state.ts';
import type { ScanContext } from './context.ts';
import { coverageHistory } from './coverage-history.ts';
import { markTold } from './doubts.ts';
import type { GroupMemory } from './memory.ts';
import { sameValue } from './same-value.ts';
import type { Survey } from './survey.ts';

export function openContext(group: GroupMemory, evidence: ScanEvidence, policy: Policy, survey: Survey): ScanContext {
  const known = group.nmap.indexOf(evidence.nmapVersion);
  return {
    tick: group.tick + 1,
    at: evidence.at,
    previousAt: group.at === 0 ? evidence.at : group.at,
    policy,
    group,
    version: known === -1 ? group.nmap.length : known,
    survey,
    confirmation: false,
    baseline: false,
    askable: evidence.askable ?? false,
    history: coverageHistory(group.coverage),
  };
}

/** Services point at the version that read them. */
export function withVersion({ nmap }: GroupMemory, { nmapVersion }: ScanEvidence): readonly string[] {
  return nmap.includes(nmapVersion) ? nmap : [...nmap, nmapVersion];
}

export function nothing(group: GroupMemory, note: string): Judgement {
  return { deltas: [], hosts: [], group, firstDetermined: [], doubts: [], resolved: [], passes: [], notes: [note] };
}

/** Only what is worth storing. */
export function changedHosts(
  belief: Belief,
  states: ReadonlyMap<string, HostState>,
  told: readonly JudgedDelta[],
): HostState[] {
  const byAddress = new Map<string, JudgedDelta[]>();
  for (const delta of told) byAddress.set(delta.address, [...(byAddress.get(delta.address) ?? []), delta]);
  const changed: HostState[] = [];
  for (const [address, judged] of states) {
    const mine = byAddress.get(address);
    const state = mine === undefined ? judged : markTold(judged, mine);
    if (!sameValue(state, belief.hosts.get(address))) changed.push(state);
  }
  return changed;
}
