import type { JudgedDelta } from '../core/model/delta.ts';
import { type Fate, fateOf } from '../core/model/fate.ts';
import type { Policy } from '../core/model/policy.ts';

/** What becomes of a delta where nobody has muted, planned or announced anything. */
export function replayFate(delta: JudgedDelta, policy: Policy): Fate {
  return fateOf(delta, { groupId: 0, now: 0, policy, mutes: [], openWindows: [], expectations: [] });
}
