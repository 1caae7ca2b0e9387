import { gunzipSync, gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { startJudgeWorker } from '../../../adapters/bullmq/judge-worker.ts';
import { createQueue } from '../../../adapters/bullmq/queue.ts';
import { siteKeys } from '../../../adapters/bullmq/site-keys.ts';
import { type ChunkWorkerOptions, startChunkWorker } from '../../../adapters/bullmq/worker.ts';
import { ensureRedis } from '../../../adapters/redis/ensure-redis.ts';
import type { RedisHandle } from '../../../adapters/redis/redis-handle.ts';
import { RECONNECT } from '../../../adapters/redis/watch-connection.ts';
import type { ChunkRequest } from '../../../src/core/model/scan.ts';
import type { AskedScan, QueuedScan, QueueEvents } from '../../../src/ports/queue.ts';
import type { ChunkResult, Scanner } from '../../../src/ports/scanner.ts';
import { startRedisServer } from '../../servers/redis.ts';
import { recordingLog, temporaryDirectory } from '../redis/lab.ts';

export const SECRET = 'a secret of this test, long enough';
export const keyOf = siteKeys(SECRET);

/** Dead workers are noticed within about two seconds. */
export const FAST = { lockMs: 1500, stalledCheckMs: 400 };

/** A plain Redis of its own, and everything that runs on it; closed in reverse order. */
export const openLab = () =>
  openLabOn(async (dataDir) => {
    const { socket, stop } = await startRedisServer(dataDir);
    return { connection: { ...RECONNECT, path: socket }, stop };
  });

/** The same on a Redis that NetDelta keeps: killed, it is started again, and nothing is lost. */
export const openKeptLab = () => openLabOn((dataDir, log) => ensureRedis({ dataDir, log }));

async function openLabOn<Server extends Pick<RedisHandle, 'connection' | 'stop'>>(
  start: (dataDir: string, log: Logger) => Promise<Server>,
) {
  const directory = await temporaryDirectory();
  const { log, messages } = recordingLog();
  const redis = await start(directory.path, log);
  const client = new Redis(redis.connection);
  client.on('error', () => undefined);
  const closing: (() => Promise<unknown>)[] = [];
  /** The scans that were queued, as the database would have them. */
  const asked = new Map<number, AskedScan>();
  const real = createQueue({ connection: redis.connection, keyOf, log });
  const queue = {
    ...real,
    addScan: (scan: QueuedScan) => {
      asked.set(scan.scanId, scan);
      return real.addScan(scan);
    },
    retarget: (scan: QueuedScan) => {
      asked.set(scan.scanId, scan);
      return real.retarget(scan);
    },
  };
  const scanOf = async (scanId: number) => asked.get(scanId);
  const kept = <T extends { close(): Promise<unknown> }>(part: T): T => {
    closing.push(() => part.close());
    return part;
  };
  return {
    dataDir: directory.path,
    connection: redis.connection,
    redis,
    client,
    queue,
    asked,
    log,
    messages,
    kept,
    judge: async (events: QueueEvents) =>
      kept(
        await startJudgeWorker({
          ...{ connection: redis.connection, events, keyOf, scanOf, log, timing: FAST },
          onSite: real.onSite,
        }),
      ),
    worker: async (scanner: Scanner, more: Partial<ChunkWorkerOptions> = {}) =>
      kept(await startChunkWorker({ ...workerOptions(redis.connection, scanner, log), ...more })),
    pid: async () => Number(/^process_id:(\d+)/m.exec(await client.info('server'))?.[1]),
    async close() {
      for (const close of closing.reverse()) await close();
      await queue.close();
      client.disconnect();
      await redis.stop();
      await directory.remove();
    },
  };
}
export type Lab = Awaited<ReturnType<typeof openLab>>;

function workerOptions(
  connection: ChunkWorkerOptions['connection'],
  scanner: Scanner,
  log: Logger,
): ChunkWorkerOptions {
  return {
    connection,
    site: 'default',
    key: keyOf('default'),
    concurrency: 4,
    scanner,
    authorise: () => undefined,
    log,
    timing: FAST,
  };
}

/** One chunk per number, which is its only address. */
export function scanOf(scanId: number, chunks: number, more: Partial<QueuedScan> = {}): QueuedScan {
  const requests = Array.from({ length: chunks }, (_, chunk) => requestOf(`10.0.${chunk >> 8}.${chunk & 255}`));
  return { scanId, site: 'default', chunks: requests, ...more };
}

function requestOf(address: string): ChunkRequest {
  return {
    ranges: [[address, address]],
    family: 4,
    settings: {
      profile: 'quick',
      tcp: true,
      udp: false,
      versionDetection: false,
      timing: 4,
      resolveNames: false,
      skipDiscovery: false,
    },
  };
}

export const addressOf = (request: ChunkRequest) => request.ranges[0]?.[0] ?? '';

export const resultOf = (request: ChunkRequest, outcome: ChunkResult['outcome'] = 'complete'): ChunkResult => ({
  xml: gzipSync(`<host>${addressOf(request)}</host>`),
  outcome,
  notes: [`scanned ${addressOf(request)}`],
});

export const xmlOf = (result: ChunkResult | undefined) => gunzipSync(result?.xml ?? gzipSync('')).toString();

/** A scanner that follows the test's instructions, in place of nmap: here the queue is under test. */
export function scannerThat(run: Scanner['run']): Scanner {
  return { capabilities: async () => ({ nmapVersion: '7.93', rawSockets: true }), run };
}

/** Runs until it is released or ended; when ended, it returns what it has. */
export function gatedScanner() {
  const running = new Map<string, (outcome: ChunkResult['outcome']) => void>();
  const scanner = scannerThat((request, { signal }) => {
    const address = addressOf(request);
    return new Promise<ChunkResult['outcome']>((resolve) => {
      running.set(address, resolve);
      if (signal.aborted) resolve('interrupted');
      signal.addEventListener('abort', () => resolve('interrupted'));
    }).then((outcome) => {
      running.delete(address);
      return resultOf(request, outcome);
    });
  });
  const letAllGo = () => {
    for (const resolve of running.values()) resolve('complete');
  };
  return { scanner, running, letAllGo };
}

export type Told =
  | { event: 'started'; scanId: number }
  | { event: 'progress'; scanId: number; chunk: number; percent: number }
  | { event: 'chunk'; scanId: number; chunk: number; attempt: number; result: ChunkResult }
  | { event: 'ended'; scanId: number };

/** Records every event. */
export function recorder(overrides: Partial<QueueEvents> = {}) {
  const told: Told[] = [];
  const events: QueueEvents = {
    onStarted: async (scanId) => void told.push({ event: 'started', scanId }),
    onProgress: async (scanId, chunk, { percent }) => void told.push({ event: 'progress', scanId, chunk, percent }),
    onChunk: async (scanId, chunk, attempt, result) =>
      void told.push({ event: 'chunk', scanId, chunk, attempt, result }),
    onScanEnded: async (scanId) => void told.push({ event: 'ended', scanId }),
    ...overrides,
  };
  return {
    events,
    told,
    hasEnded: (scanId: number) => told.some((item) => item.event === 'ended' && item.scanId === scanId),
    chunks: (scanId: number) => told.filter((item) => item.event === 'chunk').filter((item) => item.scanId === scanId),
  };
}
