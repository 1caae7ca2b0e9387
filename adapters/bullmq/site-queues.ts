import { Queue as JobQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { logErrors } from './connection.ts';
import { chunkQueue, judgeQueue, PREFIX } from './names.ts';

export type SiteQueues = {
  chunksOf(site: string): JobQueue;
  judgeOf(site: string): JobQueue;
  /** Sites whose queues have been used so far. */
  sites(): string[];
  /** Calls the listener with each of them, now and from now on. */
  onSite(listener: (site: string) => void): void;
  close(): Promise<unknown>;
};

/** The two queues of each site, opened when they are first needed. */
export function openSiteQueues(redis: Redis, log: Logger): SiteQueues {
  const open = new Map<string, JobQueue>();
  const sites = new Set<string>();
  const listeners: ((site: string) => void)[] = [];
  function named(name: string): JobQueue {
    const found = open.get(name);
    if (found) return found;
    const queue = new JobQueue(name, { connection: redis, prefix: PREFIX, skipVersionCheck: true });
    logErrors(queue, log, `queue ${name}`);
    open.set(name, queue);
    return queue;
  }
  return {
    chunksOf: (site) => named(chunkQueue(site)),
    judgeOf(site) {
      if (!sites.has(site)) {
        sites.add(site);
        for (const listener of listeners) listener(site);
      }
      return named(judgeQueue(site));
    },
    sites: () => [...sites],
    onSite(listener) {
      listeners.push(listener);
      for (const site of sites) listener(site);
    },
    close: () => Promise.all([...open.values()].map((queue) => queue.close())),
  };
}
