import type { Card } from '../../cards/card.ts';
import { reportCard, reportCsv, reportFile } from '../../cards/report.ts';
import type { Group } from '../../core/model/group.ts';
import { type Report, type ReportFormat, type ReportTheme, reportOf } from '../../core/report/report.ts';
import type { DrawReport } from '../../ports/draw-report.ts';
import type { Store } from '../../ports/store.ts';

export type ReportRequest = {
  title: string;
  groups: readonly Group[];
  from: number;
  to: number;
  format: ReportFormat;
  theme: ReportTheme;
};

/** Counted by the database. */
export async function countReport(
  store: Store,
  about: Pick<ReportRequest, 'title' | 'groups' | 'from' | 'to'>,
): Promise<Report> {
  const ids = about.groups.map((group) => group.id);
  return reportOf(await store.reports.counts(ids, about.from), about);
}

/** Of all groups without one. */
export const reportTitle = (group?: Pick<Group, 'name'>): string => `Report on ${group?.name ?? 'all groups'}`;

/** Drawn in another thread, so that chat is answered meanwhile. */
export async function buildReport(
  { store, drawReport }: { store: Store; drawReport: DrawReport },
  { title, groups, from, to, format, theme }: ReportRequest,
): Promise<Card> {
  const counting = countReport(store, { title, groups, from, to });
  const [report, content] =
    format === 'csv'
      ? [await counting, reportCsv(await counting)]
      : await Promise.all([counting, drawReport(counting, format, theme)]);
  return reportCard(report, { ...reportFile(report, format), content, when: 'always' });
}
