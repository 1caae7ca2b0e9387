import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgeQueue, PREFIX } from '../../../adapters/bullmq/names.ts';
import { createQueue } from '../../../adapters/bullmq/queue.ts';
import { until } from '../redis/lab.ts';
import { gatedScanner, keyOf, type Lab, openLab, recorder, resultOf, scannerThat, scanOf } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const instantly = scannerThat(async (request) => resultOf(request));

test('the first scan to end is judged first', async () => {
  const order: number[] = [];
  const asked = Array.from({ length: 40 }, (_, index) => index + 1);
  await lab.worker(instantly, { concurrency: 1 });
  for (const scanId of asked) await lab.queue.addScan(scanOf(scanId, 1));
  await until('all have ended', async () => (await lab.queue.scans()).length === 40 && (await waitingChunks()) === 0);
  await lab.judge(recorder({ onScanEnded: async (scanId) => void order.push(scanId) }).events);
  await until('all are judged', () => order.length === 40);
  expect(order).toEqual(asked);
});

async function waitingChunks(): Promise<number> {
  const { sites } = await lab.queue.stats();
  return sites.reduce((sum, site) => sum + site.waiting + site.active + site.delayed, 0);
}

test('an nmap that was killed is tried again, and reported completely', async () => {
  const { events, hasEnded, chunks } = recorder();
  let runs = 0;
  const scanner = scannerThat(async (request) => {
    runs += 1;
    if (runs > 1) return resultOf(request);
    return { xml: gzipSync('<nmaprun'), outcome: 'failed', killed: true, error: 'nmap was killed', notes: [] };
  });
  await lab.judge(events);
  await lab.worker(scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ result }) => result.outcome)).toEqual(['complete']);
});

test('a worker is seen again after Redis was emptied, and keeps working', async () => {
  const { events, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.client.flushall();
  await until('the site is known', async () => {
    const { sites } = await lab.queue.stats();
    return sites.some(({ site, workers }) => site === 'default' && workers === 1);
  });
  await lab.queue.addScan(scanOf(1, 2));
  await until('the scan ends', () => hasEnded(1));
});

test('a scan that runs when Redis is emptied can be added again and completes', async () => {
  const { events, hasEnded } = recorder();
  const { scanner, running, letAllGo } = gatedScanner();
  await lab.judge(events);
  await lab.worker(scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => running.size === 1);
  await lab.client.flushall();
  expect(await lab.queue.hasScan(1, 'default')).toBe(false);
  await lab.queue.addScan(scanOf(1, 1));
  const go = setInterval(letAllGo, 50);
  await until('the scan ends', () => hasEnded(1));
  clearInterval(go);
});

test('a scan that Redis loses while its result waits for the database is not judged without it', async () => {
  let giveUp = (): void => undefined;
  const locked = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const order: string[] = [];
  let isFirst = true;
  const { events } = recorder({
    async onChunk(_scan, _chunk, _attempt, { outcome }) {
      if (!isFirst) return void order.push(outcome);
      isFirst = false;
      await locked;
      throw new Error('the database is locked');
    },
    onScanEnded: async () => void order.push('ended'),
  });
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(1, 1));
  const active = `${PREFIX}:${judgeQueue('default')}:active`;
  await until('it is to be judged', async () => (await lab.client.llen(active)) === 1);
  await lab.client.flushall();
  giveUp();
  await lab.queue.addScan(scanOf(1, 1));
  await until('the scan ends', () => order.includes('ended'));
  expect(order).toEqual(['complete', 'ended']);
});

test('a scan that is no longer needed is dropped completely, and its nmap ended', async () => {
  const { events } = recorder();
  const { scanner, running } = gatedScanner();
  await lab.judge(events);
  await lab.worker(scanner, { concurrency: 1 });
  await lab.queue.addScan(scanOf(1, 3));
  await until('it runs', () => running.size === 1);
  expect(await lab.queue.scans()).toEqual([{ site: 'default', scanId: 1 }]);
  await lab.queue.dropScan(1, 'default');
  await until('its nmap is ended', () => running.size === 0);
  await until('it is gone', async () => !(await lab.queue.hasScan(1, 'default')));
});

test('a frozen Redis is reported as silent, and closing does not wait for it', async () => {
  const queue = createQueue({ keyOf, connection: { ...lab.connection, commandTimeout: 500 }, log: lab.log });
  await queue.stats();
  const pid = await lab.pid();
  process.kill(pid, 'SIGSTOP');
  try {
    await expect(queue.stats()).rejects.toThrow('the queue (Redis) does not answer');
    await queue.close();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
