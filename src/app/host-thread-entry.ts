import { parentPort } from 'node:worker_threads';
import { hostPng } from '../../adapters/charts/host-picture.ts';
import type { ReportWork } from './report-thread.ts';

/** The thread in which the weeks of a host are drawn; it loads no charts. See report-thread.ts. */
parentPort?.once('message', ({ charts, theme }: Extract<ReportWork, { charts: unknown }>) => {
  parentPort?.postMessage(new Uint8Array(hostPng(charts, theme)));
});
