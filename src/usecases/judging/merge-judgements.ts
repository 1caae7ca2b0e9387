import { deltaKey, type JudgedDelta } from '../../core/model/delta.ts';
import type { Belief, Judgement } from '../../core/model/judgement.ts';
import type { HostState } from '../../core/model/state.ts';

/** Several judgements of one scan, in order, combined into one: the last result for each host and each delta counts. */
export function mergeJudgements(judgements: readonly Judgement[], belief: Belief): Judgement {
  const hosts = new Map<string, HostState>();
  const deltas = new Map<string, JudgedDelta>();
  for (const judgement of judgements) {
    for (const state of judgement.hosts) hosts.set(state.address, state);
    for (const delta of judgement.deltas) deltas.set(deltaKey(delta), delta);
  }
  return {
    deltas: [...deltas.values()],
    hosts: [...hosts.values()],
    group: judgements.at(-1)?.group ?? belief.group,
    firstDetermined: judgements.flatMap((judgement) => [...judgement.firstDetermined]),
    doubts: judgements.flatMap((judgement) => [...judgement.doubts]),
    resolved: judgements.flatMap((judgement) => [...judgement.resolved]),
    passes: judgements.flatMap((judgement) => [...judgement.passes]),
    ...unseen(judgements),
    notes: judgements.flatMap((judgement) => [...judgement.notes]),
  };
}

/** Each judgement counts all services of the group; the most cautious one is right. */
function unseen(judgements: readonly Judgement[]): Pick<Judgement, 'unseen'> {
  const counts = judgements.flatMap((judgement) => judgement.unseen ?? []);
  return counts.length === 0 ? {} : { unseen: Math.max(...counts) };
}
