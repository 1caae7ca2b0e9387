import type { Card } from '../../cards/card.ts';
import { reportCard, reportCsv } from '../../cards/report.ts';
import type { Group } from '../../core/model/group.ts';
import { type Report, reportOf } from '../../core/report/report.ts';
import type { Store } from '../../ports/store.ts';

export const REPORT_FORMATS = ['png', 'html', 'csv'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
export const REPORT_THEMES = ['light', 'dark'] as const;
export type ReportTheme = (typeof REPORT_THEMES)[number];

/** Draws a report off the event loop, and makes itself ready while it is counted. */
export type DrawReport = (report: Promise<Report>, format: 'png' | 'html', theme: ReportTheme) => Promise<Uint8Array>;

export type ReportRequest = {
  title: string;
  groups: readonly Group[];
  from: number;
  to: number;
  format: ReportFormat;
  theme: ReportTheme;
};

const MIME = { png: 'image/png', html: 'text/html', csv: 'text/csv' } as const;

/** Counted by the database, drawn elsewhere: chat is answered meanwhile. */
export async function buildReport(
  { store, drawReport }: { store: Store; drawReport: DrawReport },
  { title, groups, from, to, format, theme }: ReportRequest,
): Promise<Card> {
  const ids = groups.map((group) => group.id);
  const counting = store.reports.counts(ids, from).then((counts) => reportOf(counts, { title, from, to, groups }));
  const [report, content] =
    format === 'csv'
      ? [await counting, reportCsv(await counting)]
      : await Promise.all([counting, drawReport(counting, format, theme)]);
  const name = `${title.replace(/[^\w.-]+/g, '_').slice(0, 60)}-${new Date(to).toISOString().slice(0, 10)}.${format}`;
  return reportCard(report, { name, mimeType: MIME[format], content, when: 'always' });
}
