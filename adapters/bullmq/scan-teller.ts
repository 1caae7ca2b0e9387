import { type Job, Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { QueueEvents } from '../../src/ports/queue.ts';
import { failure, forgetResult, readResult } from './chunk-results.ts';
import { logErrors } from './connection.ts';
import { type EndedChunk, parseEndedChunk } from './messages.ts';
import { chunkOfKey, JUDGE_QUEUE, KEYS, keysOfScan, PREFIX, scanJobId } from './names.ts';

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

export function createScanTeller(options: { redis: Redis; events: QueueEvents; log: Logger }): ScanTeller {
  const { redis, events, log } = options;
  const queue = new JobQueue(JUDGE_QUEUE, { connection: redis, prefix: PREFIX });
  logErrors(queue, log, 'judge queue');

  async function tellChunk(scanId: number, item: Chunk): Promise<void> {
    const key = { scanId, chunk: item.chunk };
    if ('crashed' in item) {
      await events.onChunk(scanId, item.chunk, CRASHED_ATTEMPT, failure(item.crashed));
      await forgetResult(redis, key, CRASHED_ATTEMPT);
      return;
    }
    if (item.ended.type === 'never-begun') return;
    await events.onChunk(scanId, item.chunk, item.ended.attempt, await readResult(redis, key, item.ended));
    await forgetResult(redis, key, item.ended.attempt);
  }

  return {
    async tellChunks(scanId) {
      const parent = await queue.getJob(scanJobId(scanId));
      if (!parent) return;
      const staged = new Set((await redis.smembers(KEYS.staged(scanId))).map(Number));
      const ended = (await endedChunks(parent)).filter(({ chunk }) => !staged.has(chunk));
      for (const item of ended) await tellChunk(scanId, item);
    },
    async unfinished() {
      const parents = await queue.getJobs(['waiting-children']);
      return Promise.all(
        parents.map(async ({ data: { scanId } }) => ({
          scanId,
          hasStarted: (await redis.exists(KEYS.started(scanId))) === 1,
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
