import { FlowProducer, type Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { UserError } from '../../src/core/errors.ts';
import type { SiteLimits } from '../../src/core/model/site-limits.ts';
import type { Queue, QueuedScan, QueueStats } from '../../src/ports/queue.ts';
import { connectedWorkers } from './connected-workers.ts';
import { type Connection, createClient, logErrors, withinCloseLimit } from './connection.ts';
import { scanFlow } from './flow.ts';
import { isRefused, writeProof } from './key-proof.ts';
import {
  CHANNELS,
  chunkJobId,
  chunkQueue,
  KEEP_S,
  KEYS,
  PREFIX,
  type SiteScan,
  scanJobId,
  siteOfQueue,
} from './names.ts';
import { createPermits } from './renew-permits.ts';
import { sealOf } from './seals.ts';
import type { SiteKeys } from './site-keys.ts';
import { openSiteQueues, type SiteQueues } from './site-queues.ts';

/** About 12 s including the pauses: long enough for a Redis that restarts, short enough to report one that is away. */
const TRIES = 15;
/** A frozen server answers nothing and closes nothing. */
const ANSWER_WITHIN_MS = 15_000;
/** A scan that the queue doesn't know (yet) may be added within this time, seconds. */
const CANCEL_UNKNOWN_S = 60;

/**
 * The side that adds scans. Throws a UserError when Redis does not answer. `onSite`: called for each site whose scans
 * are to be judged here.
 */
export function createQueue(options: {
  connection: Connection;
  keyOf: SiteKeys;
  log: Logger;
  limits?: SiteLimits;
}): Queue & Pick<SiteQueues, 'onSite'> & { close(): Promise<void> } {
  const { keyOf, log, limits = {} } = options;
  const redis = createClient(
    { commandTimeout: ANSWER_WITHIN_MS, ...options.connection, maxRetriesPerRequest: TRIES },
    log,
  );
  const flows = new FlowProducer({ connection: redis, prefix: PREFIX, skipVersionCheck: true });
  logErrors(flows, log, 'flow producer');
  const queues = openSiteQueues(redis, log);
  const adding = new Map<number, Promise<void>>();
  const permits = createPermits({ redis, keyOf, log, isKnown: (scan) => isKnown(queues, scan) });

  async function add(scan: QueuedScan): Promise<void> {
    if (await isKnown(queues, scan)) return;
    // A crash may have left these from another scan with this id, of a database that was restored.
    await redis.del(KEYS.started(scan), KEYS.staged(scan), KEYS.ended(scan));
    await redis.sadd(KEYS.sites, scan.site);
    await writeProof(redis, { site: scan.site, key: keyOf(scan.site) });
    await permits.give(scan);
    await limit(queues.chunksOf(scan.site), limits[scan.site]?.scans);
    await flows.add(scanFlow(scan, keyOf(scan.site), await nextTurn(queues.chunksOf(scan.site))));
    if ((await redis.exists(KEYS.cancel(scan))) === 1) await cancelOne(scan);
  }

  const cancelOne = ({ site, scanId }: SiteScan) => {
    permits.end(scanId);
    return cancel(redis, queues, { site, scanId }, sealOf(keyOf(site), 'cancel', { site, scanId }));
  };

  async function retarget(scan: Omit<QueuedScan, 'delayMs'>): Promise<void> {
    if (!(await isKnown(queues, scan))) return;
    await permits.give(scan);
    await redis.publish(CHANNELS.orders, String(scan.scanId));
    for (const [chunk, { ranges }] of scan.chunks.entries()) {
      // A chunk that has just been taken finds that nothing is left of it.
      if (ranges.length === 0) await queues.chunksOf(scan.site).remove(chunkJobId(scan.scanId, chunk));
    }
  }

  return {
    addScan: (scan) => {
      // Two calls at once would both find it missing.
      const running = adding.get(scan.scanId);
      if (running) return running;
      const added = answered(add(scan)).finally(() => adding.delete(scan.scanId));
      adding.set(scan.scanId, added);
      return added;
    },
    retarget: (scan) => answered(retarget(scan)),
    cancelScan: (scanId, site) => answered(cancelOne({ site, scanId })),
    hasScan: (scanId, site) => answered(isKnown(queues, { site, scanId })),
    scans: () => answered(scansIn(redis, queues)),
    dropScan: (scanId, site) => answered(dropScan(queues, { site, scanId }, cancelOne)),
    stats: () => answered(readStats(redis, queues)),
    onSite: queues.onSite,
    async close() {
      permits.close();
      await withinCloseLimit(Promise.allSettled(adding.values()));
      // First, so that nothing waits for a server that is away.
      redis.disconnect();
      await withinCloseLimit(Promise.allSettled([flows.close(), queues.close()]));
    },
  };
}

async function isKnown({ judgeOf }: SiteQueues, { site, scanId }: SiteScan): Promise<boolean> {
  const state = await judgeOf(site).getJobState(scanJobId(scanId));
  return state !== 'unknown' && state !== 'failed' && state !== 'completed';
}

/**
 * The key first, so that a chunk that starts meanwhile finds it. Chunks that have not started are removed; the parent
 * then runs with the rest.
 */
async function cancel(redis: Redis, { judgeOf }: SiteQueues, scan: SiteScan, seal: string): Promise<void> {
  const parent = await judgeOf(scan.site).getJob(scanJobId(scan.scanId));
  await redis.set(KEYS.cancel(scan), seal, 'EX', parent ? KEEP_S : CANCEL_UNKNOWN_S);
  await redis.publish(CHANNELS.orders, String(scan.scanId));
  await parent?.removeUnprocessedChildren();
}

/** Applies to all workers of the site; BullMQ keeps it in Redis until it is changed. */
async function limit(queue: JobQueue, scans: number | undefined): Promise<void> {
  if (scans !== undefined) await queue.setGlobalConcurrency(scans);
  else if ((await queue.getGlobalConcurrency()) !== null) await queue.removeGlobalConcurrency();
}

/** That of the next chunk; a queue in which nothing waits starts again. */
async function nextTurn(queue: JobQueue): Promise<number> {
  const [next] = await queue.getPrioritized(0, 0);
  return Math.max(1, next?.priority ?? 1);
}

const WAITING = ['waiting-children', 'waiting', 'prioritized', 'delayed'] as const;

/** Those that are not being judged at this moment. */
async function scansIn(redis: Redis, { judgeOf, sites }: SiteQueues): Promise<SiteScan[]> {
  const known = new Set([...(await redis.smembers(KEYS.sites)), ...sites()]);
  const found = await Promise.all(
    [...known].map(async (site) => {
      const jobs = await judgeOf(site).getJobs([...WAITING]);
      return jobs.map((job) => ({ site, scanId: Number(job?.data?.scanId) }));
    }),
  );
  return found.flat().filter(({ scanId }) => Number.isInteger(scanId));
}

/** Running chunks are ended first: an active one can't be removed, and the next round finds it ended. */
async function dropScan(
  { judgeOf }: SiteQueues,
  scan: SiteScan,
  cancelOne: (scan: SiteScan) => Promise<void>,
): Promise<void> {
  const parent = await judgeOf(scan.site).getJob(scanJobId(scan.scanId));
  const { unprocessed = [] } = (await parent?.getDependencies({ unprocessed: { count: 1 } })) ?? {};
  if (unprocessed.length > 0) await cancelOne(scan);
  else await parent?.remove();
}

/** Sites with workers are known by their connections: a worker may only write data of its own site. */
async function readStats(redis: Redis, { chunksOf }: SiteQueues): Promise<QueueStats> {
  const connected = await connectedWorkers(redis);
  const withWorkers = [...connected.keys()].flatMap((queue) => siteOfQueue(queue) ?? []);
  const names = [...new Set([...(await redis.smembers(KEYS.sites)), ...withWorkers])].sort();
  const sites = await Promise.all(
    names.map(async (site) => {
      const counts = await chunksOf(site).getJobCounts('waiting', 'prioritized', 'active', 'delayed');
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
      const refused = (await isRefused(redis, site)) ? { refused: true as const } : {};
      const workers = connected.get(chunkQueue(site)) ?? 0;
      return { site, workers, waiting: waiting + prioritized, active, delayed, ...refused };
    }),
  );
  return {
    sites: sites.filter((site) => site.refused || site.workers + site.waiting + site.active + site.delayed > 0),
  };
}

function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'MaxRetriesPerRequestError' || error.message === 'Command timed out';
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!isSilence(error)) throw error;
    throw new UserError('the queue (Redis) does not answer', {
      hint: 'try again when Redis is back; see `netdelta doctor`',
    });
  }
}
