import type { ReportFormat } from '../report/report.ts';
import type { ChannelRef, PrincipalKey } from './principal.ts';

/** When a schedule runs: cron in a zone, or elapsed time. */
export type When = { type: 'cron'; expression: string; zone: string } | { type: 'every'; ms: number; anchor: number };

/** Statistics of the past period. `to`: the only place that gets it; otherwise each place of the group’s alerts does. */
export type ScheduledReport = { format: ReportFormat; periodMs: number; to?: ChannelRef };

export type Schedule = {
  id: number;
  /** Absent of a report on all groups. */
  groupId?: number;
  /** As typed: `weekdays 18:30`. */
  phrase: string;
  when: When;
  zone: string;
  /** Replaces the group's profile. */
  profile?: string;
  /** Sent instead of running a scan. */
  report?: ScheduledReport;
  status: 'active' | 'paused';
  createdBy: PrincipalKey;
  createdAt: number;
  /** The last due time that was run or reported as missed, epoch ms. */
  lastDueAt?: number;
  /** When it was last edited or resumed: earlier due times are not missed. */
  activeSince?: number;
};

/** What stands for a group where all are meant; no group may be called so. */
export const ALL_GROUPS = 'all';
