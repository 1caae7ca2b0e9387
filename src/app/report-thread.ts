import { startWorker } from '../../adapters/nmap/worker-start.ts';
import type { Report, ReportTheme } from '../core/report/report.ts';
import type { DrawReport } from '../ports/draw-report.ts';

export type ReportWork = { report: Report; format: 'png' | 'html'; theme: ReportTheme };

/**
 * Draws in a thread of its own: charts and pictures keep a processor busy for a second. Half of that is loading what draws
 * them, which happens while the database still counts.
 */
export const drawReport: DrawReport = async (report, format, theme) => {
  const thread = startWorker('report-thread-entry', {}, import.meta.url);
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      report.then((counted) => thread.postMessage({ report: counted, format, theme } satisfies ReportWork), reject);
      thread.on('message', (drawn: Uint8Array) => resolve(drawn));
      thread.on('error', reject);
      thread.on('exit', (code) => reject(new Error(`the report's thread ended by itself (${code})`)));
    });
  } finally {
    await thread.terminate();
  }
};
