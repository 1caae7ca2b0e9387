import type { PrincipalKey } from './principal.ts';

/** When a schedule runs: cron in a zone, or elapsed time. */
export type When = { type: 'cron'; expression: string; zone: string } | { type: 'every'; ms: number; anchor: number };

export type Schedule = {
  id: number;
  groupId: number;
  /** As typed: `weekdays 18:30`. */
  phrase: string;
  when: When;
  zone: string;
  /** Replaces the group's profile. */
  profile?: string;
  status: 'active' | 'paused';
  createdBy: PrincipalKey;
  createdAt: number;
  /** The last due time that was run or told as missed, epoch ms. */
  lastDueAt?: number;
  /** When it was last edited or resumed: what was due before is not missing. */
  activeSince?: number;
};
