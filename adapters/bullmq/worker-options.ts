import type { Redis } from 'ioredis';
import { PREFIX } from './names.ts';

/** How soon a dead worker's jobs are started again: after its lock has expired, and at most two checks. */
export const TIMING = { lockMs: 20_000, stalledCheckMs: 5000 };

/** BullMQ makes connections of its own from the client that it is given. */
export function workerOptions(redis: Redis, timing: typeof TIMING) {
  return {
    connection: redis,
    prefix: PREFIX,
    // Our own check does this once (external-redis.ts); BullMQ prints it for each connection.
    skipVersionCheck: true,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledCheckMs,
  };
}
