import type { Belief, Judgement, ScanEvidence } from '../judgement.ts';
import type { Policy } from '../policy.ts';
import type { GroupMemory } from './memory.ts';

/**
 * A confirmation scan looks slowly at the doubtful pairs of one scan. What answers settles them; silence counts once
 * more for a service, and for a host not at all: `downAfter` is the user's number of scans.
 */
export function judgeConfirmation(
  _belief: Belief,
  group: GroupMemory,
  _evidence: ScanEvidence,
  _policy: Policy,
): Judgement {
  return { deltas: [], hosts: [], group, firstDetermined: [], doubts: [], notes: [] };
}
