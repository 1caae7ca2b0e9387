import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { ChunkRequest } from '../../src/core/model/scan.ts';
import type { ChunkResult, Scanner, ScanProgress } from '../../src/ports/scanner.ts';
import { failure, hasXml, keepResult } from './chunk-results.ts';
import type { ChunkRun } from './chunk-run.ts';
import { CHUNK_ATTEMPTS } from './flow.ts';
import { isOurJob, type SealedJob } from './jobs.ts';
import { checkKey } from './key-proof.ts';
import { publishNews } from './messages.ts';
import { KEEP_S, KEYS } from './names.ts';
import { isCancelled } from './orders.ts';
import { type PermitReader, permitted } from './permits.ts';
import { type Authority, sealOf } from './seals.ts';

const PROGRESS_EVERY_MS = 1000;
const REPEAT_AFTER_MS = 15_000;
/** The bot renews an expired permit as soon as there is a bot. */
const PERMIT_PAUSE_MS = 15_000;

export type ChunkTools = {
  redis: Redis;
  authority: Authority;
  readPermit: PermitReader;
  scanner: Scanner;
  /** Whether these targets may be scanned; the text of the refusal if not. */
  authorise: (request: ChunkRequest) => string | undefined | Promise<string | undefined>;
  /** Our key is not the bot's: takes no further jobs. */
  onWrongKey(): Promise<void>;
  log: Logger;
};

/** Refuses a job that no bot made; one that is valid for others is left to them. */
async function checkOurs(job: Job<SealedJob>, token: string | undefined, tools: ChunkTools): Promise<void> {
  const { authority, log, redis } = tools;
  if (isOurJob(authority.key, authority.site, job.data)) return;
  if ((await checkKey(redis, authority)) === 'wrong') {
    await tools.onWrongKey();
    await giveBack(job, token);
  }
  log.error({ job: job.id }, 'a job that is not sealed with the key of this site was refused');
  throw new UnrecoverableError('it is not sealed with the key of its site');
}

/**
 * Runs one chunk's job from its start to the result that is kept for the bot; a job that may not begin has no result.
 * Throws what BullMQ should retry: nmap did not start, or the job is no longer ours.
 */
export async function processChunk(
  job: Job<SealedJob>,
  token: string | undefined,
  run: ChunkRun,
  tools: ChunkTools,
): Promise<void> {
  const { redis, authority } = tools;
  await checkOurs(job, token, tools);
  if (run.endedFor() === 'closing') return giveBack(job, token);
  const own = { site: authority.site, scanId: run.scanId };
  if (isCancelled(authority, run.scanId, await redis.get(KEYS.cancel(own)))) return;
  const permit = tools.readPermit(run.scanId, await redis.get(KEYS.permit(own)));
  if (permit === undefined) return putOff(job, token, tools.log);
  const request = permitted(job.data.request, permit);
  if (request === undefined) return;
  run.asks(request.ranges);
  const refusal = await tools.authorise(request);
  const result = refusal === undefined ? await scan(job, request, run, tools) : failure(refusal);
  const ended = run.endedFor();
  if (ended === 'lost') throw new Error(`the lock of ${job.id} was lost; its nmap was ended`);
  const again = ended === 'closing' || ended === 'retargeted';
  if (again && result.outcome !== 'complete') return giveBack(job, token);
  await keepResult(redis, authority, { ...job.data, request }, job.attemptsStarted, result);
}

async function scan(
  job: Job<SealedJob>,
  request: ChunkRequest,
  run: ChunkRun,
  { redis, authority, scanner, log }: ChunkTools,
): Promise<ChunkResult> {
  const { scanId, chunk } = job.data;
  await redis.set(
    KEYS.started({ site: authority.site, scanId }),
    sealOf(authority.key, 'started', { scanId }),
    'EX',
    KEEP_S,
  );
  publishNews(redis, log, authority, { type: 'started', scanId });
  const told = throttled((progress) =>
    publishNews(redis, log, authority, { type: 'progress', scanId, chunk, progress }),
  );
  const result = await scanner.run(request, { signal: run.signal, onProgress: told.push }).catch(failure);
  told.close();
  const attempt = job.attemptsMade + 1;
  if (result.outcome !== 'failed' || (hasXml(result) && result.killed !== true)) return result;
  log.warn({ scanId, chunk, attempt, error: result.error }, 'nmap did not come to its end');
  if (attempt < CHUNK_ATTEMPTS && !run.endedFor()) throw new Error(result.error);
  return result;
}

/** To be started again by another worker, or by this one when it is back; it has not used up an attempt. */
async function giveBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token ?? '');
  throw new WaitingError();
}

/** Nothing is scanned without the bot's permit. */
async function putOff(job: Job, token: string | undefined, log: Logger): Promise<never> {
  log.warn(
    { job: job.id },
    'there is no valid permit for this scan now; it waits for the bot, whose clock must be right to half an hour',
  );
  await job.moveToDelayed(Date.now() + PERMIT_PAUSE_MS, token);
  throw new DelayedError();
}

/**
 * Sends the first at once, then the newest of each interval, and the last at the end; without a new one, the old one is
 * repeated, because time goes on.
 */
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
    close() {
      clearInterval(timer);
      if (isNew) tell();
    },
  };
}
