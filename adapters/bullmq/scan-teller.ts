import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { AskedScan, QueueEvents } from '../../src/ports/queue.ts';
import { failure, forgetResult, keptResults, readResult } from './chunk-results.ts';
import type { EndedChunk } from './messages.ts';
import { chunkJobId, chunkOfKey, KEYS, keysOfScan, type SiteScan, scanJobId } from './names.ts';
import { isSealed } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';
import type { SiteQueues } from './site-queues.ts';

/** The attempt number of a chunk without a result of its own: above every real one. */
const LAST_ATTEMPT = 1000;

export type ScanTeller = {
  /** Passes on every result that is not in the database yet, in order, and then deletes it. */
  tellResults(scanId: number): Promise<void>;
  /**
   * Passes on the rest of a scan whose parent reports that all chunks have ended. False while a chunk is still to run:
   * the parent's state is BullMQ's, and Redis is not trusted.
   */
  tellRest(scanId: number): Promise<boolean>;
  /** Scans of a site whose chunks are still running, as far as the queue knows. */
  unfinished(site: string): Promise<{ scanId: number; hasStarted: boolean }[]>;
  forgetScan(scan: SiteScan): Promise<void>;
};

export type TellerOptions = {
  redis: Redis;
  queues: SiteQueues;
  events: QueueEvents;
  keyOf: SiteKeys;
  /** Undefined for a scan that is gone. */
  scanOf(scanId: number): Promise<AskedScan | undefined>;
  log: Logger;
};

export function createScanTeller(options: TellerOptions): ScanTeller {
  const { redis, queues, events, keyOf, scanOf } = options;

  const stagedOf = async (scan: SiteScan) => new Set((await redis.smembers(KEYS.staged(scan))).map(Number));

  async function tell(scan: SiteScan, asked: AskedScan, chunk: number, ended: EndedChunk, isLast: boolean) {
    const { result, isSealed } = await readResult(redis, keyOf, { scanId: scan.scanId, chunk }, asked, ended);
    // Until the chunk's job is over, a result that nobody of its site sealed is ignored: the real one may be on its
    // way.
    if (!isSealed && !isLast) return;
    const attempt = isSealed ? ended.attempt : LAST_ATTEMPT;
    await events.onChunk(scan.scanId, chunk, attempt, result);
    await forgetResult(redis, { ...scan, chunk }, ended.attempt);
  }

  async function tellResults(scanId: number, isLast = (_chunk: number) => false): Promise<void> {
    const asked = await scanOf(scanId);
    if (asked === undefined) return;
    const scan = { site: asked.site, scanId };
    const staged = await stagedOf(scan);
    for (const { chunk, ended } of await keptResults(redis, scan)) {
      if (!staged.has(chunk)) await tell(scan, asked, chunk, ended, isLast(chunk));
    }
  }

  async function tellFailures(scan: SiteScan, isOver: (chunk: number) => boolean): Promise<void> {
    const parent = await queues.judgeOf(scan.site).getJob(scanJobId(scan.scanId));
    const staged = await stagedOf(scan);
    for (const [key, reason] of Object.entries((await parent?.getIgnoredChildrenFailures()) ?? {})) {
      const chunk = chunkOfKey(key);
      if (staged.has(chunk) || !isOver(chunk)) continue;
      await events.onChunk(scan.scanId, chunk, LAST_ATTEMPT, failure(explain(reason)));
      await forgetResult(redis, { ...scan, chunk }, LAST_ATTEMPT);
    }
  }

  /** Chunks that are not in the database and whose jobs are not over. */
  async function stillToRun(scan: SiteScan, asked: AskedScan): Promise<ReadonlySet<number>> {
    const staged = await stagedOf(scan);
    const queue = queues.chunksOf(scan.site);
    const states = await Promise.all(
      asked.chunks.map(async ({ ranges }, chunk) => {
        if (ranges.length === 0 || staged.has(chunk)) return [];
        const state = await queue.getJobState(chunkJobId(scan.scanId, chunk));
        return state === 'unknown' || state === 'failed' || state === 'completed' ? [] : [chunk];
      }),
    );
    return new Set(states.flat());
  }

  return {
    tellResults: (scanId) => tellResults(scanId),
    async tellRest(scanId) {
      const asked = await scanOf(scanId);
      if (asked === undefined) return true;
      const scan = { site: asked.site, scanId };
      await tellResults(scanId);
      const toRun = await stillToRun(scan, asked);
      const isOver = (chunk: number) => asked.chunks[chunk] !== undefined && !toRun.has(chunk);
      // Once more: one may have ended between the two checks.
      await tellResults(scanId, isOver);
      await tellFailures(scan, isOver);
      return toRun.size === 0;
    },
    async unfinished(site) {
      const parents = await queues.judgeOf(site).getJobs(['waiting-children']);
      return Promise.all(
        parents.map(async ({ data: { scanId } }) => ({
          scanId,
          hasStarted: isSealed(keyOf(site), 'started', { scanId }, await redis.get(KEYS.started({ site, scanId }))),
        })),
      );
    },
    async forgetScan(scan) {
      await redis.del(keysOfScan(scan));
    },
  };
}

function explain(reason: string): string {
  return reason.includes('stalled') ? 'its worker died each time that it ran' : reason;
}
