import { type Job, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import type { ChunkJob } from '../../src/ports/queue.ts';
import type { ChunkResult, Scanner, ScanProgress } from '../../src/ports/scanner.ts';
import { failure, hasXml, keepResult } from './chunk-results.ts';
import type { ChunkRun } from './chunk-run.ts';
import { CHUNK_ATTEMPTS } from './flow.ts';
import { type EndedChunk, publishNews } from './messages.ts';
import { KEEP_S, KEYS } from './names.ts';

const PROGRESS_EVERY_MS = 1000;
const REPEAT_AFTER_MS = 15_000;

export type ChunkTools = {
  redis: Redis;
  scanner: Scanner;
  /** Whether these targets may be scanned; the text of the refusal if not. */
  authorise: (request: ChunkRequest) => string | undefined | Promise<string | undefined>;
  log: Logger;
};

/**
 * One chunk's job from its start to the result that its parent gets. Throws what BullMQ is to try again: nmap did not
 * start, or the job is not ours any more.
 */
export async function processChunk(
  job: Job<ChunkJob>,
  token: string | undefined,
  run: ChunkRun,
  tools: ChunkTools,
): Promise<EndedChunk> {
  const { redis } = tools;
  if (run.endedFor() === 'closing') return giveBack(job, token);
  if ((await redis.exists(KEYS.cancel(run.scanId))) === 1) return { type: 'never-begun' };
  const refusal = await tools.authorise(job.data.request);
  const result = refusal === undefined ? await scan(job, run, tools) : failure(refusal);
  const ended = run.endedFor();
  if (ended === 'lost') throw new Error(`the lock of ${job.id} was lost; its nmap was ended`);
  if (ended === 'closing' && result.outcome !== 'complete') return giveBack(job, token);
  return keepResult(redis, job.data, job.attemptsStarted, result);
}

async function scan(job: Job<ChunkJob>, run: ChunkRun, { redis, scanner, log }: ChunkTools): Promise<ChunkResult> {
  const { scanId, chunk, request } = job.data;
  await redis.set(KEYS.started(scanId), '1', 'EX', KEEP_S);
  publishNews(redis, log, { type: 'started', scanId });
  const told = throttled((progress) => publishNews(redis, log, { type: 'progress', scanId, chunk, progress }));
  const result = await scanner.run(request, { signal: run.signal, onProgress: told.push }).catch(failure);
  told.close();
  const attempt = job.attemptsMade + 1;
  if (result.outcome !== 'failed' || hasXml(result)) return result;
  log.warn({ scanId, chunk, attempt, error: result.error }, 'nmap did not start');
  if (attempt < CHUNK_ATTEMPTS && !run.endedFor()) throw new Error(result.error);
  return result;
}

/** To be started anew by another worker, or by this one when it is back; it has not used up an attempt. */
async function giveBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token ?? '');
  throw new WaitingError();
}

/** The first at once, then the newest of each interval; an old one again where nothing is new, for time goes on. */
function throttled(send: (progress: ScanProgress) => void): { push(progress: ScanProgress): void; close(): void } {
  let newest: ScanProgress | undefined;
  let isNew = false;
  let sentAt = 0;
  function tell(): void {
    const repeats = performance.now() - sentAt >= REPEAT_AFTER_MS;
    if (newest === undefined || !(isNew || repeats)) return;
    isNew = false;
    sentAt = performance.now();
    send(newest);
  }
  const timer = setInterval(tell, PROGRESS_EVERY_MS);
  return {
    push(progress) {
      const isFirst = newest === undefined;
      newest = progress;
      isNew = true;
      if (isFirst) tell();
    },
    close: () => clearInterval(timer),
  };
}
