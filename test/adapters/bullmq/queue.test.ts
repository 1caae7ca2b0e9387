import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createQueue } from '../../../adapters/bullmq/queue.ts';
import { sealOf } from '../../../adapters/bullmq/seals.ts';
import { UserError } from '../../../src/core/errors.ts';
import { until } from '../redis/lab.ts';
import {
  addressOf,
  gatedScanner,
  keyOf,
  type Lab,
  openLab,
  recorder,
  resultOf,
  scannerThat,
  scanOf,
  xmlOf,
} from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const instantly = scannerThat(async (request) => resultOf(request));

test('every chunk of a large scan is reported once, with its own result, and then the end of the scan', async () => {
  const { events, told, chunks, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(12, 256));
  await until('the scan ends', () => hasEnded(12));
  expect(told.at(-1)).toEqual({ event: 'ended', scanId: 12 });
  expect(
    chunks(12)
      .map(({ chunk }) => chunk)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 256 }, (_, i) => i));
  expect(chunks(12).every(({ attempt }) => attempt === 1)).toBe(true);
  const last = chunks(12).find(({ chunk }) => chunk === 255)?.result;
  expect(last).toMatchObject({ outcome: 'complete', notes: ['scanned 10.0.0.255'] });
  expect(xmlOf(last)).toBe('<host>10.0.0.255</host>');
  await until('nothing of the scan is left in Redis', async () => (await lab.client.keys('*12*')).length === 0);
  expect(await lab.queue.hasScan(12, 'default')).toBe(false);
});

test('scans that wait at one site take turns, whichever came first', async () => {
  const began: number[] = [];
  const { events, hasEnded } = recorder();
  await lab.judge(events);
  await lab.queue.addScan(scanOf(1, 40));
  const worker = await lab.worker(
    scannerThat(async (request) => {
      const address = addressOf(request);
      began.push(address.startsWith('10.0.0.') ? 1 : 2);
      // The second scan arrives when much of the first is done.
      if (began.length === 20) await lab.queue.addScan({ ...scanOf(2, 3), chunks: scanOf(2, 600).chunks.slice(597) });
      return resultOf(request);
    }),
    { concurrency: 1 },
  );
  await until('both scans end', () => hasEnded(1) && hasEnded(2));
  await worker.close();
  const [first = 0, , last = 0] = began.flatMap((scan, index) => (scan === 2 ? [index] : []));
  expect(first).toBeLessThan(24);
  expect(last).toBeLessThan(30);
  expect(last - first).toBeGreaterThan(2);
});

test('a site runs no more chunks at once than its limit, on all of its workers together, until the limit is lifted', async () => {
  const { events, hasEnded } = recorder();
  const [one, two] = [gatedScanner(), gatedScanner()];
  const running = () => one.running.size + two.running.size;
  const letAllGo = () => {
    one.letAllGo();
    two.letAllGo();
  };
  const limited = lab.kept(
    createQueue({ connection: lab.connection, keyOf, log: lab.log, limits: { default: { scans: 3 } } }),
  );
  await lab.judge(events);
  lab.asked.set(1, scanOf(1, 12));
  // The judge listens to the queue of its own bot.
  await lab.queue.hasScan(1, 'default');
  await limited.addScan(scanOf(1, 12));
  await lab.worker(one.scanner);
  await lab.worker(two.scanner);
  let most = 0;
  while (!hasEnded(1)) {
    await until('chunks run or the scan ends', () => running() > 0 || hasEnded(1));
    most = Math.max(most, running());
    letAllGo();
  }
  expect(most).toBeLessThanOrEqual(3);
  await lab.queue.addScan(scanOf(2, 8));
  await until('all places of both workers are taken', () => running() === 8);
  letAllGo();
  await until('the scan ends', () => hasEnded(2));
});

test('the start and the progress of a scan are reported while it runs', async () => {
  const { events, told } = recorder();
  const { scanner, letAllGo } = gatedScanner();
  await lab.judge(events);
  await lab.worker({
    ...scanner,
    run: (request, options) => {
      options.onProgress({ hostsDone: 1, hostsUp: 1, percent: 40 });
      options.onProgress({ hostsDone: 1, hostsUp: 1, percent: 41 });
      return scanner.run(request, options);
    },
  });
  await lab.queue.addScan(scanOf(1, 1));
  await until('both are told', () => told.length === 2);
  expect(told).toEqual([
    { event: 'started', scanId: 1 },
    { event: 'progress', scanId: 1, chunk: 0, percent: 40 },
  ]);
  letAllGo();
});

test('nmap’s last progress of a chunk is reported before its end, however quick it is', async () => {
  const { events, told, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker({
    ...instantly,
    run: async (request, { onProgress }) => {
      for (const percent of [40, 41]) onProgress({ hostsDone: 1, hostsUp: 1, percent });
      return resultOf(request);
    },
  });
  await lab.queue.addScan(scanOf(1, 1));
  await until('the scan ends', () => hasEnded(1));
  const [last, chunk] = told.slice(-3);
  expect([last, chunk?.event]).toEqual([{ event: 'progress', scanId: 1, chunk: 0, percent: 41 }, 'chunk']);
});

test('a chunk is reported as soon as it has ended, before the rest of its scan', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 2));
  await until('both run', () => gate.running.size === 2);
  gate.running.get('10.0.0.1')?.('complete');
  await until('one is told', () => chunks(1).length === 1);
  expect(hasEnded(1)).toBe(false);
  gate.letAllGo();
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ chunk }) => chunk)).toEqual([1, 0]);
});

test('adding a scan again changes nothing, at once or while it runs', async () => {
  const { events, told, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await Promise.all([lab.queue.addScan(scanOf(1, 3)), lab.queue.addScan(scanOf(1, 3))]);
  await lab.worker(gate.scanner, { concurrency: 1 });
  await until('the first runs', () => gate.running.size === 1);
  await lab.queue.addScan(scanOf(1, 3));
  while (!hasEnded(1)) await until('a chunk runs or the scan ends', () => gate.letAllGo() ?? hasEnded(1) ?? true);
  expect(chunks(1)).toHaveLength(3);
  expect(told.filter(({ event }) => event === 'ended')).toHaveLength(1);
});

test('a delayed scan starts when its delay is over, not before', async () => {
  const { events, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(1, 1, { delayMs: 3600_000 }));
  expect(await lab.queue.stats()).toEqual({
    sites: [{ site: 'default', workers: 1, waiting: 0, active: 0, delayed: 1 }],
  });
  const added = Date.now();
  await lab.queue.addScan(scanOf(2, 1, { delayMs: 300 }));
  await until('the second scan ends', () => hasEnded(2));
  expect(Date.now() - added).toBeGreaterThanOrEqual(300);
  expect(hasEnded(1)).toBe(false);
});

test('a scan that is cancelled before it starts runs no nmap and ends without chunks', async () => {
  const { events, told } = recorder();
  const scanned: string[] = [];
  await lab.queue.addScan(scanOf(1, 40));
  await lab.queue.cancelScan(1, 'default');
  await lab.worker(
    scannerThat(async (request) => resultOf(request, scanned.push(addressOf(request)) ? 'failed' : 'failed')),
  );
  await lab.judge(events);
  await until('the scan ends', () => told.length > 0);
  expect(told).toEqual([{ event: 'ended', scanId: 1 }]);
  expect(scanned).toEqual([]);
});

test('a scan that is cancelled while it runs keeps what its nmaps had found so far', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner, { concurrency: 2 });
  await lab.queue.addScan(scanOf(1, 40));
  await until('two run', () => gate.running.size === 2);
  await lab.queue.cancelScan(1, 'default');
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ chunk, result }) => [chunk, result.outcome, xmlOf(result)])).toEqual([
    [0, 'interrupted', '<host>10.0.0.0</host>'],
    [1, 'interrupted', '<host>10.0.0.1</host>'],
  ]);
});

test('a delayed scan can be cancelled', async () => {
  const { events, told } = recorder();
  await lab.judge(events);
  await lab.queue.addScan(scanOf(1, 2, { delayMs: 3600_000 }));
  await lab.queue.cancelScan(1, 'default');
  await until('the scan ends', () => told.length > 0);
  expect(told).toEqual([{ event: 'ended', scanId: 1 }]);
});

test('a scan that is cancelled just before it is added does not run', async () => {
  const { events, told } = recorder();
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.cancelScan(1, 'default');
  await lab.queue.addScan(scanOf(1, 20));
  await until('the scan ends', () => told.length > 0);
  expect(told).toEqual([{ event: 'ended', scanId: 1 }]);
});

test('a cancellation whose message is lost is found by polling', async () => {
  const { events, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => gate.running.size === 1);
  await lab.client.set('netdelta:cancel:default:1', sealOf(keyOf('default'), 'cancel', { site: 'default', scanId: 1 }));
  await until('the scan ends', () => hasEnded(1));
});

test('an nmap that does not start is tried three times, then reported', async () => {
  const { events, chunks, hasEnded } = recorder();
  let tries = 0;
  await lab.judge(events);
  await lab.worker(
    scannerThat(async () => {
      if (++tries === 1) throw new Error('thrown\nand more');
      return { xml: gzipSync(''), outcome: 'failed', error: 'spawn nmap EAGAIN', notes: [] };
    }),
  );
  await lab.queue.addScan(scanOf(1, 1));
  await until('the scan ends', () => hasEnded(1));
  expect(tries).toBe(3);
  expect(chunks(1)).toMatchObject([
    { chunk: 0, attempt: 3, result: { outcome: 'failed', error: 'spawn nmap EAGAIN' } },
  ]);
  expect(xmlOf(chunks(1)[0]?.result)).toBe('');
});

test('an nmap that failed in the middle is not tried again, and what it had is kept', async () => {
  const { events, chunks, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(scannerThat(async (request) => ({ ...resultOf(request, 'failed'), error: 'nmap was killed' })));
  await lab.queue.addScan(scanOf(1, 1));
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1)).toMatchObject([{ attempt: 1, result: { outcome: 'failed', error: 'nmap was killed' } }]);
  expect(xmlOf(chunks(1)[0]?.result)).toBe('<host>10.0.0.0</host>');
});

test('a chunk with targets that may not be scanned fails for good, and does not hold up the others', async () => {
  const { events, chunks, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(instantly, {
    authorise: (request) => (addressOf(request) === '10.0.0.1' ? '10.0.0.1 is not allowed' : undefined),
  });
  await lab.queue.addScan(scanOf(1, 2));
  await until('the scan ends', () => hasEnded(1));
  const outcomes = chunks(1).map(({ chunk, attempt, result }) => [chunk, attempt, result.outcome, result.error]);
  expect(outcomes.sort()).toEqual([
    [0, 1, 'complete', undefined],
    [1, 1, 'failed', '10.0.0.1 is not allowed'],
  ]);
});

test('results wait for the process with the database', async () => {
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(1, 3));
  await until('all have ended', async () => (await lab.queue.stats()).sites.every((s) => s.waiting + s.active === 0));
  const { events, chunks, hasEnded } = recorder();
  await lab.judge(events);
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).map(({ result }) => xmlOf(result))).toEqual([0, 1, 2].map((n) => `<host>10.0.0.${n}</host>`));
});

test('what happened while the process with the database was away is reported at its start', async () => {
  const gate = gatedScanner();
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 2));
  await until('both run', () => gate.running.size === 2);
  gate.running.get('10.0.0.0')?.('complete');
  await until('one has ended', async () => (await lab.queue.stats()).sites.every((s) => s.active === 1));
  const { events, told } = recorder();
  await lab.judge(events);
  await until('both are told', () => told.length === 2);
  expect(told).toMatchObject([{ event: 'started' }, { event: 'chunk', chunk: 0 }]);
  gate.letAllGo();
});

test('a result that could not be stored is reported again before the scan is judged', async () => {
  let failures = 2;
  const stored: number[] = [];
  const { events, hasEnded } = recorder({
    onChunk: async (_scanId, chunk) => {
      if (failures-- > 0) throw new Error('SQLITE_BUSY');
      stored.push(chunk);
    },
  });
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(1, 3));
  await until('the scan ends', () => hasEnded(1));
  expect(stored.sort()).toEqual([0, 1, 2]);
});

test('judging is retried until it succeeds, without reporting the chunks again', async () => {
  let failures = 2;
  let judged = 0;
  const { events, chunks } = recorder({
    onScanEnded: async () => {
      if (failures-- > 0) throw new Error('disk full');
      judged++;
    },
  });
  await lab.judge(events);
  await lab.worker(instantly);
  await lab.queue.addScan(scanOf(1, 2));
  await until('it is judged', () => judged > 0);
  expect(chunks(1)).toHaveLength(2);
  expect(lab.messages.filter((text) => text === 'scan not judged; trying again')).toHaveLength(2);
});

test('the chunk of a worker that was killed is scanned by the next, long before its lock expires', async () => {
  const { events, chunks, hasEnded } = recorder();
  await lab.judge(events);
  const script = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, String(lab.connection.path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await lab.queue.addScan(scanOf(1, 1));
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await lab.worker(instantly);
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1)).toMatchObject([{ chunk: 0, attempt: 2, result: { outcome: 'complete' } }]);
});

test('a worker that loses its job ends its nmap, and its result is not reported', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner, { concurrency: 1 });
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => gate.running.size === 1);
  const first = gate.running.get('10.0.0.0');
  await lab.client.set('netdelta:scan-default:scan-1-chunk-0:lock', 'of another worker', 'PX', 2000);
  await until('it is started anew', () => gate.running.get('10.0.0.0') !== first && gate.running.size === 1);
  gate.letAllGo();
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1)).toMatchObject([{ attempt: 2, result: { outcome: 'complete' } }]);
});

test('a chunk that crashes its worker each time is given up, and the scan ends', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner, { concurrency: 1 });
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => gate.running.size === 1);
  const job = 'netdelta:scan-default:scan-1-chunk-0';
  await lab.client.hset(job, 'stc', '2');
  await lab.client.set(`${job}:lock`, 'of a worker that dies', 'PX', 100);
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1)).toMatchObject([{ result: { outcome: 'failed', error: 'its worker died each time that it ran' } }]);
});

test('a worker that cannot reach Redis ends its nmap when its lock expires', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 1));
  await until('it runs', () => gate.running.size === 1);
  const pid = await lab.pid();
  process.kill(pid, 'SIGSTOP');
  await until('its nmap is ended', () => gate.running.size === 0);
  process.kill(pid, 'SIGCONT');
  await until('it is started anew', () => gate.running.size === 1);
  gate.letAllGo();
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1)).toMatchObject([{ attempt: 2, result: { outcome: 'complete' } }]);
});

test('a worker that is closed ends its nmap and leaves the chunk to the next', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  const worker = await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 2));
  await until('both run', () => gate.running.size === 2);
  await worker.close();
  expect(gate.running.size).toBe(0);
  expect(await lab.queue.stats()).toEqual({
    sites: [{ site: 'default', workers: 0, waiting: 2, active: 0, delayed: 0 }],
  });
  await lab.worker(instantly);
  await until('the scan ends', () => hasEnded(1));
  expect(chunks(1).every(({ result, attempt }) => result.outcome === 'complete' && attempt > 1)).toBe(true);
});

test('a site has its own queue, whatever its name', async () => {
  const { events, hasEnded } = recorder();
  await lab.judge(events);
  await lab.worker(instantly, { site: 'dmz: außen', key: keyOf('dmz: außen') });
  await lab.worker(
    scannerThat(async () => Promise.reject(new Error('wrong site'))),
    { site: 'default' },
  );
  await lab.queue.addScan(scanOf(1, 2, { site: 'dmz: außen' }));
  await until('the scan ends', () => hasEnded(1));
});

test('a queue that cannot be reached is reported instead of waiting for ever', async () => {
  const connection = { ...lab.connection, retryStrategy: () => 5 };
  const queue = lab.kept(createQueue({ connection, keyOf, log: lab.log }));
  await queue.hasScan(1, 'default');
  await lab.redis.stop();
  await expect(queue.addScan(scanOf(1, 1))).rejects.toThrow(UserError);
});
