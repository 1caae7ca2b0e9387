import type { JudgedDelta } from '../core/model/delta.ts';
import { type Fate, fateOf } from '../core/model/fate.ts';
import type { Policy } from '../core/model/policy.ts';

/** The fate of a delta without mutes, windows or expected changes. */
export function replayFate(delta: JudgedDelta, policy: Policy): Fate {
  return fateOf(delta, { groupId: 0, now: 0, policy, mutes: [], openWindows: [], expectations: [] });
}
