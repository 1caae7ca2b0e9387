import { parentPort } from 'node:worker_threads';
import { reportPage } from '../../adapters/charts/page.ts';
import { posterPng } from '../../adapters/charts/poster.ts';
import type { ReportWork } from './report-thread.ts';

/** The thread in which reports are drawn; see report-thread.ts. */
parentPort?.once('message', ({ report, format, theme }: Extract<ReportWork, { report: unknown }>) => {
  const drawn = format === 'png' ? posterPng(report, theme) : Buffer.from(reportPage(report));
  parentPort?.postMessage(new Uint8Array(drawn));
});
