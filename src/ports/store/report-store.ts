import type { ReportCounts } from '../../core/report/report.ts';

export type ReportStore = {
  /** Counted by the database, so that a year of many groups is read in moments. `from`: epoch ms. */
  counts(groupIds: readonly number[], from: number): Promise<ReportCounts>;
};
