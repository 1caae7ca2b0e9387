import type { HostChart } from '../core/report/host-chart.ts';
import type { Report, ReportTheme } from '../core/report/report.ts';

/** Draws a report off the event loop, and loads its libraries while the report is counted. */
export type DrawReport = (report: Promise<Report>, format: 'png' | 'html', theme: ReportTheme) => Promise<Uint8Array>;

/** Draws the weeks of a host, group by group, as a PNG; also off the event loop. */
export type DrawHost = (charts: readonly HostChart[], theme: ReportTheme) => Promise<Uint8Array>;
