import type { ReportFormat } from '../report/report.ts';
import type { PrincipalKey } from './principal.ts';

/** When a schedule runs: cron in a zone, or elapsed time. */
export type When = { type: 'cron'; expression: string; zone: string } | { type: 'every'; ms: number; anchor: number };

/** Statistics of the time before. */
export type ScheduledReport = { format: ReportFormat; periodMs: number };

export type Schedule = {
  id: number;
  groupId: number;
  /** As typed: `weekdays 18:30`. */
  phrase: string;
  when: When;
  zone: string;
  /** Replaces the group's profile. */
  profile?: string;
  /** Sent to the group's places in place of a scan. */
  report?: ScheduledReport;
  status: 'active' | 'paused';
  createdBy: PrincipalKey;
  createdAt: number;
  /** The last due time that was run or told as missed, epoch ms. */
  lastDueAt?: number;
  /** When it was last edited or resumed: what was due before is not missing. */
  activeSince?: number;
};
