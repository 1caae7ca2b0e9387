import { type Job, Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { AskedScan, QueueEvents } from '../../src/ports/queue.ts';
import { failure, forgetResult, readResult } from './chunk-results.ts';
import { logErrors } from './connection.ts';
import { type EndedChunk, parseEndedChunk } from './messages.ts';
import { chunkOfKey, JUDGE_QUEUE, KEYS, keysOfScan, PREFIX, scanJobId } from './names.ts';
import { isSealed } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';

/** The attempt of a chunk that took its workers down: above every real one. */
const CRASHED_ATTEMPT = 1000;

type Chunk = { chunk: number; ended: EndedChunk } | { chunk: number; crashed: string };

export type ScanTeller = {
  /** Tells every chunk that has ended and is not in the database yet, in order; each is forgotten once it is told. */
  tellChunks(scanId: number): Promise<void>;
  /** Scans whose chunks are still running, as far as the queue knows. */
  unfinished(): Promise<{ scanId: number; hasStarted: boolean }[]>;
  forgetScan(scanId: number): Promise<void>;
  close(): Promise<void>;
};

export type TellerOptions = {
  redis: Redis;
  events: QueueEvents;
  keyOf: SiteKeys;
  /** Undefined for a scan that is gone. */
  scanOf(scanId: number): Promise<AskedScan | undefined>;
  log: Logger;
};

export function createScanTeller(options: TellerOptions): ScanTeller {
  const { redis, events, keyOf, scanOf, log } = options;
  const queue = new JobQueue(JUDGE_QUEUE, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
  logErrors(queue, log, 'judge queue');

  async function tellChunk(scanId: number, asked: AskedScan, item: Chunk): Promise<void> {
    const key = { scanId, chunk: item.chunk };
    if ('crashed' in item) {
      await events.onChunk(scanId, item.chunk, CRASHED_ATTEMPT, failure(item.crashed));
      await forgetResult(redis, key, CRASHED_ATTEMPT);
      return;
    }
    if (item.ended.type === 'never-begun') return;
    await events.onChunk(
      scanId,
      item.chunk,
      item.ended.attempt,
      await readResult(redis, keyOf, key, asked, item.ended),
    );
    await forgetResult(redis, key, item.ended.attempt);
  }

  async function hasStarted(scanId: number): Promise<boolean> {
    const asked = await scanOf(scanId);
    if (asked === undefined) return false;
    return isSealed(keyOf(asked.site), 'started', { scanId }, await redis.get(KEYS.started(scanId)));
  }

  return {
    async tellChunks(scanId) {
      const parent = await queue.getJob(scanJobId(scanId));
      const asked = parent === undefined ? undefined : await scanOf(scanId);
      if (parent === undefined || asked === undefined) return;
      const staged = new Set((await redis.smembers(KEYS.staged(scanId))).map(Number));
      const ended = (await endedChunks(parent)).filter(({ chunk }) => !staged.has(chunk));
      for (const item of ended) await tellChunk(scanId, asked, item);
    },
    async unfinished() {
      const parents = await queue.getJobs(['waiting-children']);
      return Promise.all(
        parents.map(async ({ data: { scanId } }) => ({
          scanId,
          hasStarted: await hasStarted(scanId),
        })),
      );
    },
    async forgetScan(scanId) {
      await redis.del(keysOfScan(scanId));
    },
    close: () => queue.close(),
  };
}

async function endedChunks(parent: Job): Promise<Chunk[]> {
  const [values, failures] = await Promise.all([parent.getChildrenValues(), parent.getIgnoredChildrenFailures()]);
  const chunks: Chunk[] = [];
  for (const [key, value] of Object.entries(values)) {
    const ended = parseEndedChunk(value);
    chunks.push(ended ? { chunk: chunkOfKey(key), ended } : { chunk: chunkOfKey(key), crashed: 'unreadable result' });
  }
  for (const [key, reason] of Object.entries(failures))
    chunks.push({ chunk: chunkOfKey(key), crashed: explain(reason) });
  return chunks.sort((a, b) => a.chunk - b.chunk);
}

function explain(reason: string): string {
  return reason.includes('stalled') ? 'its worker died each time that it ran' : reason;
}
