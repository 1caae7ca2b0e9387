import type { Redis } from 'ioredis';
import { PREFIX } from './names.ts';

/** BullMQ names the connection of a worker `PREFIX:base64(QUEUE)`. */
const NAMED = new RegExp(` name=${PREFIX}:([A-Za-z0-9+/]+=*)(?::w:\\S*)? `);

/** How many workers are connected, by the name of their queue. Counted from the connections, which no key can fake. */
export async function connectedWorkers(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const workers = new Map<string, number>();
  for (const line of String(await redis.client('LIST')).split('\n')) {
    const [, encoded] = NAMED.exec(line) ?? [];
    if (encoded === undefined || !line.includes(` db=${redis.options.db ?? 0} `)) continue;
    const queue = Buffer.from(encoded, 'base64').toString();
    workers.set(queue, (workers.get(queue) ?? 0) + 1);
  }
  return workers;
}
