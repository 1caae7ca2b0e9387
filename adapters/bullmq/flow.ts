import type { FlowJob, JobsOptions } from 'bullmq';
import type { QueuedScan } from '../../src/ports/queue.ts';
import { type SealedJob, sealJob } from './jobs.ts';
import { chunkJobId, chunkQueue, judgeQueue, scanJobId } from './names.ts';

/**
 * For an nmap that did not start: three tries, with pauses. Crashed workers are counted separately, see CRASHES in
 * worker.ts.
 */
export const CHUNK_ATTEMPTS = 3;
const CHUNK_PAUSE_MS = 1000;
/** The judge's process may be in trouble for long (a full disk), which is no reason to give up a scan. */
const JUDGE_ATTEMPTS = 1_000_000;

const CHUNK_OPTIONS: JobsOptions = {
  attempts: CHUNK_ATTEMPTS,
  backoff: { type: 'exponential', delay: CHUNK_PAUSE_MS },
  // A failed chunk doesn't hold up its parent: what it covered simply stays unknown.
  ignoreDependencyOnFailure: true,
  removeOnComplete: true,
  removeOnFail: { age: 24 * 3600, count: 1000 },
};

/** The highest priority number that BullMQ accepts. */
const LAST_TURN = 2 ** 21;

/**
 * One job that judges, for the process with the database, and below it one per chunk, each in a queue of their site.
 * `turn`: that of the next chunk there. Each further chunk of this scan has a later one, so that scans waiting at one
 * site take turns: a /28 does not wait for the end of a /16.
 */
export function scanFlow(scan: QueuedScan, key: string, turn: number): FlowJob {
  return {
    name: 'judge',
    queueName: judgeQueue(scan.site),
    data: { scanId: scan.scanId },
    opts: {
      jobId: scanJobId(scan.scanId),
      attempts: JUDGE_ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
      // First ended, first judged: without a priority BullMQ puts a parent before all that already wait.
      priority: 1,
    },
    children: scan.chunks.flatMap((request, chunk) =>
      request.ranges.length === 0
        ? []
        : [
            {
              name: 'chunk',
              queueName: chunkQueue(scan.site),
              data: sealJob(key, scan.site, { scanId: scan.scanId, chunk, request }) satisfies SealedJob,
              opts: {
                ...CHUNK_OPTIONS,
                jobId: chunkJobId(scan.scanId, chunk),
                priority: Math.min(turn + chunk, LAST_TURN),
                ...(scan.delayMs !== undefined && { delay: scan.delayMs }),
              },
            },
          ],
    ),
  };
}
