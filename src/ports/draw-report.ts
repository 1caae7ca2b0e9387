import type { Report, ReportTheme } from '../core/report/report.ts';

/** Draws a report off the event loop, and makes itself ready while it is counted. */
export type DrawReport = (report: Promise<Report>, format: 'png' | 'html', theme: ReportTheme) => Promise<Uint8Array>;
