import { gzipSync } from 'node:zlib';
import { Queue as JobQueue, Worker } from 'bullmq';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepResult } from '../../../adapters/bullmq/chunk-results.ts';
import { sealJob } from '../../../adapters/bullmq/jobs.ts';
import { sealOf } from '../../../adapters/bullmq/seals.ts';
import type { ChunkRequest } from '../../../src/core/model/scan.ts';
import { until } from '../redis/lab.ts';
import { addressOf, gatedScanner, keyOf, type Lab, openLab, recorder, resultOf, scannerThat, scanOf } from './lab.ts';

// An attacker who can write to Redis has none of the keys; one who has a worker has the key of its site.

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

/** A stand-in for nmap that records what it would have scanned. */
function watched() {
  const asked: string[] = [];
  const scanner = scannerThat(async (request) => {
    asked.push(...request.ranges.map(([first, last]) => `${first}-${last}`));
    return resultOf(request);
  });
  return { asked, scanner };
}

async function addByHand(site: string, data: unknown, id = 'scan-1-chunk-0'): Promise<JobQueue> {
  const queue = new JobQueue(`scan-${site}`, { connection: lab.client, prefix: 'netdelta' });
  lab.kept(queue);
  await queue.add('chunk', data, { jobId: id, attempts: 3 });
  return queue;
}

const wide = (): ChunkRequest => {
  const [chunk] = scanOf(1, 1).chunks;
  if (chunk === undefined) throw new Error('no chunk');
  return { ...chunk, ranges: [['10.9.0.0', '10.9.255.255']], settings: { ...chunk.settings, timing: 5 } };
};

test('a job that the bot did not make runs no nmap', async () => {
  const { asked, scanner } = watched();
  await lab.worker(scanner);
  const forged = [
    { scanId: 999, chunk: 0, request: wide() },
    { scanId: 999, chunk: 0, request: wide(), seal: 'A'.repeat(43) },
    sealJob(keyOf('other'), 'default', { scanId: 999, chunk: 0, request: wide() }),
    { ...sealJob(keyOf('default'), 'default', { scanId: 999, chunk: 0, request: wide() }), chunk: 1 },
    null,
    'text',
    [],
  ];
  const queue = await addByHand('default', forged[0]);
  for (const [index, data] of forged.entries()) await queue.add('chunk', data, { jobId: `forged-${index}` });
  await until('all are refused', async () => (await queue.getFailedCount()) === forged.length + 1);
  expect(asked).toEqual([]);
});

test('the job of one scan does not run for another, and neither does the permit of one site for another', async () => {
  const { asked, scanner } = watched();
  const real = sealJob(keyOf('default'), 'default', { scanId: 999, chunk: 0, request: wide() });
  await lab.worker(scanner);
  const queue = await addByHand('default', real);
  const permit = { site: 'other', scanId: 999, expiresAt: Date.now() + 60_000, ranges: [['10.9.0.0', '10.9.255.255']] };
  for (const key of [keyOf('other'), keyOf('default')]) {
    await lab.client.set(
      'netdelta:permit:default:999',
      JSON.stringify({ permit, seal: sealOf(key, 'permit', permit) }),
    );
    await until('it is put off', async () => (await queue.getDelayedCount()) === 1);
    await (await queue.getJob('scan-1-chunk-0'))?.promote();
  }
  await until('it is put off again', async () => (await queue.getDelayedCount()) === 1);
  expect(asked).toEqual([]);
});

test('an expired permit runs no nmap', async () => {
  const { asked, scanner } = watched();
  await lab.worker(scanner);
  const permit = { site: 'default', scanId: 999, expiresAt: Date.now() - 1, ranges: [['10.9.0.0', '10.9.255.255']] };
  const text = JSON.stringify({ permit, seal: sealOf(keyOf('default'), 'permit', permit) });
  await lab.client.set('netdelta:permit:default:999', text);
  const queue = await addByHand(
    'default',
    sealJob(keyOf('default'), 'default', { scanId: 999, chunk: 0, request: wide() }),
  );
  await until('it is put off', async () => (await queue.getDelayedCount()) === 1);
  expect(asked).toEqual([]);
});

test('waiting chunks do not scan what an edit removed', async () => {
  const { asked, scanner } = watched();
  const { events, hasEnded } = recorder();
  const scan = scanOf(1, 3);
  await lab.judge(events);
  await lab.queue.addScan(scan);
  const chunks = scan.chunks.map((chunk, index) => (index === 1 ? { ...chunk, ranges: [] } : chunk));
  await lab.queue.retarget({ ...scan, chunks });
  await lab.worker(scanner);
  await until('the scan ends', () => hasEnded(1));
  expect(asked.sort()).toEqual(['10.0.0.0-10.0.0.0', '10.0.0.2-10.0.0.2']);
});

test('an nmap that scans what an edit removed is ended, and started again with the rest', async () => {
  const gate = gatedScanner();
  const requests: ChunkRequest[] = [];
  const { events, hasEnded, chunks } = recorder();
  const request: ChunkRequest = { ...wide(), ranges: [['10.0.0.0', '10.0.0.9']] };
  const scan = { scanId: 1, site: 'default', chunks: [request] };
  await lab.judge(events);
  await lab.worker(
    scannerThat((asked, options) => {
      requests.push(asked);
      return gate.scanner.run(asked, options);
    }),
  );
  await lab.queue.addScan(scan);
  await until('it runs', () => gate.running.size === 1);
  await lab.queue.retarget({ ...scan, chunks: [{ ...request, ranges: [['10.0.0.3', '10.0.0.9']] }] });
  await until('the rest runs', () => gate.running.has('10.0.0.3'));
  gate.letAllGo();
  await until('the scan ends', () => hasEnded(1));
  expect(requests.map(addressOf)).toEqual(['10.0.0.0', '10.0.0.3']);
  expect(chunks(1).map(({ result }) => result.outcome)).toEqual(['complete']);
});

test('an older, wider permit of the same scan is refused by a worker that has seen a newer one', async () => {
  const gate = gatedScanner();
  const asked: string[] = [];
  const { events, hasEnded } = recorder();
  const asking = (first: string, last: string): ChunkRequest => ({ ...wide(), ranges: [[first, last]] });
  const scan = {
    ...{ scanId: 1, site: 'default' },
    chunks: [asking('10.0.0.0', '10.0.0.9'), asking('10.1.0.0', '10.1.0.9')],
  };
  await lab.judge(events);
  await lab.worker(
    scannerThat((request, options) => {
      asked.push(...request.ranges.map(([from, to]) => `${from}-${to}`));
      return gate.scanner.run(request, options);
    }),
    { concurrency: 1 },
  );
  await lab.queue.addScan(scan);
  await until('it runs', () => gate.running.has('10.0.0.0'));
  const before = (await lab.client.get('netdelta:permit:default:1')) ?? '';
  const narrow = [asking('10.0.0.3', '10.0.0.9'), asking('10.1.0.0', '10.1.0.0')];
  await lab.queue.retarget({ ...scan, chunks: narrow });
  await until('the worker has read the newer one', () => gate.running.has('10.0.0.3'));
  await lab.client.set('netdelta:permit:default:1', before);
  gate.letAllGo();
  const chunks = new JobQueue('scan-default', { connection: lab.client, prefix: 'netdelta' });
  lab.kept(chunks);
  await until('the other chunk is put off', async () => (await chunks.getDelayedCount()) === 1);
  await lab.queue.retarget({ ...scan, chunks: narrow });
  await (await chunks.getJob('scan-1-chunk-1'))?.promote();
  await until('it runs with the bot’s next one', () => gate.running.has('10.1.0.0'));
  gate.letAllGo();
  await until('the scan ends', () => hasEnded(1));
  expect(asked).toEqual(['10.0.0.0-10.0.0.9', '10.0.0.3-10.0.0.9', '10.1.0.0-10.1.0.0']);
});

/** A worker of another site, whose key an attacker has, ends a chunk of `scan` with a result of its own. */
async function endedByHand(scan: ReturnType<typeof scanOf>, seal: (said: object) => string): Promise<void> {
  await forgedResult(scan.scanId, seal);
  const connection = { path: lab.connection.path ?? '', maxRetriesPerRequest: null };
  lab.kept(new Worker(`scan-${scan.site}`, async () => undefined, { connection, prefix: 'netdelta' }));
}

async function forgedResult(scanId: number, seal: (said: object) => string): Promise<void> {
  await lab.client.set(`netdelta:result:default:${scanId}:0:999`, gzipSync('<nmaprun/>'));
  const said = { attempt: 999, outcome: 'complete', notes: ['all is well'], hasXml: true, asked: [] };
  await lab.client.hset(`netdelta:ended:default:${scanId}`, '0', JSON.stringify({ ...said, seal: seal(said) }));
}

test('a result that the site of the scan did not seal is rejected, and the rejection is logged', async () => {
  const { events, hasEnded, chunks } = recorder();
  await lab.judge(events);
  const scan = scanOf(1, 1);
  await lab.queue.addScan(scan);
  await endedByHand(scan, (said) => sealOf(keyOf('other'), 'result', said));
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ result }) => result)).toMatchObject([
    { outcome: 'failed', error: 'its result is not sealed by a worker of site default: it is not believed' },
  ]);
});

test('unsealed reports, starts and cancellations change nothing', async () => {
  const { events, told } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => gate.running.size === 1);
  await until('its start is told', () => told.length === 1);
  const news = { type: 'progress', scanId: 1, chunk: 0, progress: { hostsDone: 1, hostsUp: 1, percent: 99 } };
  for (const [site, key] of [
    ['default', keyOf('other')],
    ['other', keyOf('other')],
    ['default', ''],
  ] as const) {
    await lab.client.publish(
      'netdelta:news',
      JSON.stringify({ site, news, seal: sealOf(key, 'news', { site, news }) }),
    );
  }
  await lab.client.publish('netdelta:news', JSON.stringify(news));
  await lab.client.set('netdelta:cancel:default:1', sealOf(keyOf('other'), 'cancel', { site: 'default', scanId: 1 }));
  await lab.client.publish('netdelta:orders', '1');
  const honest = { ...news, progress: { ...news.progress, percent: 7 } };
  const site = 'default';
  const seal = sealOf(keyOf(site), 'news', { site, news: honest });
  await lab.client.publish('netdelta:news', JSON.stringify({ site, news: honest, seal }));
  await until('the honest news is told', () => told.some((one) => one.event === 'progress'));
  expect(told).toEqual([
    { event: 'started', scanId: 1 },
    { event: 'progress', scanId: 1, chunk: 0, percent: 7 },
  ]);
  expect(gate.running.size).toBe(1);
  gate.letAllGo();
});

/** BullMQ lets anyone who can write to the parent's queue report that nothing is left to wait for. */
async function endedEarly(queue: string, scanId: number): Promise<void> {
  const parent = `netdelta:${queue}:scan-${scanId}`;
  await lab.client.del(`${parent}:dependencies`);
  await lab.client.zrem(`netdelta:${queue}:waiting-children`, `scan-${scanId}`);
  await lab.client.zadd(`netdelta:${queue}:prioritized`, 1, `scan-${scanId}`);
  await lab.client.zadd(`netdelta:${queue}:marker`, 0, '0');
}

test('a scan whose parent is made to end early is not judged before its chunks are over, and loses none of them', async () => {
  const { events, told, hasEnded, chunks } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner, { concurrency: 1 });
  await lab.queue.addScan(scanOf(1, 3));
  await until('it runs', () => gate.running.size === 1);
  await forgedResult(1, (said) => sealOf(keyOf('other'), 'result', said));
  await endedEarly('judge-default', 1);
  await until('that is seen', () => lab.messages.some((text) => text.includes('parts of it still run')));
  expect(told.filter(({ event }) => event !== 'started')).toEqual([]);
  while (!hasEnded(1)) await until('a chunk runs or the scan ends', () => gate.letAllGo() ?? hasEnded(1) ?? true);
  expect(chunks(1).map(({ chunk, attempt, result }) => [chunk, attempt, result.outcome])).toEqual([
    [0, 1, 'complete'],
    [1, 1, 'complete'],
    [2, 1, 'complete'],
  ]);
});

test('a site cannot end a scan of another site', async () => {
  const { events, told } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await lab.queue.addScan(scanOf(2, 1, { site: 'dmz' }));
  await until('it runs', () => gate.running.size === 1);
  const queue = new JobQueue('judge-dmz', { connection: lab.client, prefix: 'netdelta' });
  lab.kept(queue);
  for (const data of [{ scanId: 1 }, { scanId: '1' }, {}, null]) await queue.add('judge', data);
  await until('they are taken', async () => (await queue.getJobCountByTypes('waiting', 'prioritized', 'active')) === 0);
  expect(lab.messages).toContain('a site said that a scan of another site has ended; that is not believed');
  expect(told.filter(({ event }) => event === 'ended')).toEqual([]);
  gate.letAllGo();
});

test('a kept result of a scan with the same number, from before the database was restored, is not taken for the new scan', async () => {
  const [old, other] = scanOf(1, 2).chunks;
  if (old === undefined || other === undefined) throw new Error('no chunks');
  const authority = { site: 'default', key: keyOf('default') };
  await keepResult(lab.client, authority, { scanId: 1, chunk: 0, request: old }, 1, resultOf(old));
  const { events, chunks, hasEnded } = recorder();
  await lab.judge(events);
  await lab.queue.addScan(scanOf(1, 2));
  const gate = gatedScanner();
  await lab.worker(gate.scanner);
  await until('both run', () => gate.running.size === 2);
  gate.running.get(addressOf(other))?.('complete');
  await until('one has ended', () => chunks(1).length > 0);
  expect(chunks(1).map(({ chunk }) => chunk)).toEqual([1]);
  gate.letAllGo();
  await until('it has ended', () => hasEnded(1));
  expect(chunks(1)).toHaveLength(2);
});
