import type { Belief, Judgement, ScanEvidence, Steady } from '../model/judgement.ts';
import type { HostObservation } from '../model/observation.ts';
import type { Policy } from '../model/policy.ts';
import type { Memory } from '../model/state.ts';
import { sortAddresses } from '../network/addresses.ts';
import { collectPasses } from './baseline.ts';
import { timedOutIn, timeOutNotes } from './collapsed.ts';
import { emptyOutcome, openContext } from './context.ts';
import { close, judgeHosts } from './judge-scan.ts';
import { groupMemory } from './memory.ts';
import { steadyHosts } from './steady.ts';
import { modeOf, surveyScan } from './survey.ts';

/** A scan without its hosts. `assumed`: whether one of them was only assumed to be up (`-Pn`). */
export type FirstEvidence = Omit<ScanEvidence, 'hosts' | 'steady'> & { assumed: boolean };

export type JudgedPart = Pick<Judgement, 'hosts' | 'firstDetermined'> & { steady: ReadonlyMap<string, Steady> };

export type FirstScan = {
  /** Judges some of its hosts. Each address comes once. */
  take(hosts: readonly HostObservation[]): JudgedPart;
  /** What follows from all of them. */
  end(): Omit<Judgement, keyof JudgedPart>;
};

/** Whether no scan of the group was judged yet. */
export const isFirstScan = (memory: Memory): boolean => groupMemory(memory).tick === 0;

/**
 * Judges a group's first scan a part at a time. Nothing is believed yet, so that no host can be missed and none is a
 * control of another: each is learnt by itself. Together they are judged exactly as by `judgeScan`.
 */
export function judgeFirstScan(memory: Memory, evidence: FirstEvidence, policy: Policy): FirstScan {
  const group = groupMemory(memory);
  const belief: Belief = { group: memory, hosts: new Map() };
  const mode = modeOf(evidence, evidence.assumed ? [{ reason: 'user-set' }] : []);
  const passes = collectPasses(belief, group, evidence, mode);
  const floods = new Set<string>();
  let timedOut = 0;

  function contextOf(hosts: readonly HostObservation[]) {
    const part = { ...evidence, hosts };
    return openContext(group, part, policy, surveyScan(belief, group, part, mode));
  }

  return {
    take(hosts) {
      const context = contextOf(hosts);
      const { survey } = context;
      const { outcome, states } = judgeHosts(belief, context);
      passes.add(survey);
      for (const address of survey.floods) floods.add(address);
      timedOut += timedOutIn(survey);
      return {
        hosts: [...states.values()],
        firstDetermined: outcome.first,
        steady: steadyHosts(states, context, evidence.coverage.ports),
      };
    },
    end() {
      const context = contextOf([]);
      const survey = { ...context.survey, floods: new Set(sortAddresses(floods)) };
      const whole = { ...evidence, hosts: [] };
      const judged = close(belief, whole, { ...context, survey }, emptyOutcome(), new Map());
      const { hosts: _hosts, firstDetermined: _first, steady: _steady, ...judgement } = judged;
      return { ...judgement, passes: passes.all(), notes: [...timeOutNotes(timedOut), ...judgement.notes] };
    },
  };
}
