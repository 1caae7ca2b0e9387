import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../adapters/nmap/worker-start.ts';
import type { HostChart } from '../core/report/host-chart.ts';
import type { Report, ReportTheme } from '../core/report/report.ts';
import type { DrawHost, DrawReport } from '../ports/draw-report.ts';

export type ReportWork =
  | { report: Report; format: 'png' | 'html'; theme: ReportTheme }
  | { charts: readonly HostChart[]; theme: ReportTheme };

/**
 * Draws in a thread of its own: charts and pictures keep a processor busy for a second. Half of that is loading the
 * libraries, which happens while the database is still counting.
 */
export const drawReport: DrawReport = (report, format, theme) =>
  inThread('report-thread-entry', async () => ({ report: await report, format, theme }));

export const drawHost: DrawHost = (charts, theme) => inThread('host-thread-entry', async () => ({ charts, theme }));

async function inThread(entry: string, work: () => Promise<ReportWork>): Promise<Uint8Array> {
  const thread = startWorker(entry, {}, import.meta.url);
  try {
    return await drawnBy(thread, work());
  } finally {
    await thread.terminate();
  }
}

function drawnBy(thread: Worker, work: Promise<ReportWork>): Promise<Uint8Array> {
  return new Promise<Uint8Array>((resolve, reject) => {
    work.then((ready) => thread.postMessage(ready), reject);
    thread.on('message', (drawn: Uint8Array) => resolve(drawn));
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the thread that draws ended by itself (${code})`)));
  });
}
