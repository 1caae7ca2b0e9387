import type { ChunkJob } from '../../src/ports/queue.ts';
import { isSealed, sealOf } from './seals.ts';

/** A chunk's job as stored in Redis. */
export type SealedJob = ChunkJob & { seal: string };

export function sealJob(key: string, site: string, job: ChunkJob): SealedJob {
  return { ...job, seal: sealOf(key, 'job', sealed(site, job)) };
}

/** True for a job that the bot made for this site's workers, unchanged. */
export function isOurJob(key: string, site: string, job: SealedJob): boolean {
  return isSealed(key, 'job', sealed(site, job), job.seal);
}

const sealed = (site: string, { scanId, chunk, request }: ChunkJob) => ({ site, scanId, chunk, request });
