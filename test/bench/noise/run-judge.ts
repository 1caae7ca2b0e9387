import { judgeScan } from '../../../src/core/judge/judge-scan.ts';
import { fateOf } from '../../../src/core/model/fate.ts';
import type { Belief, Judgement, ScanEvidence } from '../../../src/core/model/judgement.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/core/model/policy.ts';
import type { ScoredAlert } from './score.ts';

export type JudgedSeries = { alerts: ScoredAlert[]; judgements: Judgement[]; belief: Belief };

/** Judges a series on an empty belief; each delta that would have been posted is an alert. */
export function judgeSeries(series: Iterable<ScanEvidence>, policy: Policy = DEFAULT_POLICY): JudgedSeries {
  const alerts: ScoredAlert[] = [];
  const judgements: Judgement[] = [];
  let belief: Belief = { group: {}, hosts: new Map() };
  let scan = 0;
  for (const evidence of series) {
    const judgement = judgeScan(belief, evidence, policy);
    judgements.push(judgement);
    for (const delta of judgement.deltas) {
      const fate = fateOf(delta, { groupId: 0, now: 0, policy, mutes: [], openWindows: [], expectations: [] });
      if (fate.state !== 'confirmed') continue;
      alerts.push({ scan, kind: delta.kind, host: delta.address, port: delta.port });
    }
    belief = nextBelief(belief, judgement);
    scan++;
  }
  return { alerts, judgements, belief };
}

export function nextBelief(belief: Belief, judgement: Judgement): Belief {
  const hosts = new Map(belief.hosts);
  for (const state of judgement.hosts) hosts.set(state.address, state);
  return { group: judgement.group, hosts };
}
