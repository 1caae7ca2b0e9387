import type { Logger } from 'pino';
import { type Readiness, startHealthServer } from '../../adapters/http/health-server.ts';
import { createMetrics, type Metrics } from '../../adapters/http/metrics.ts';
import type { Config } from '../config.ts';
import { UserError } from '../core/errors.ts';
import type { Chat } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';

export type HealthParts = {
  config: Config;
  store: Store;
  queue: Queue;
  /** The platforms that are up. */
  chats: ReadonlyMap<string, Chat>;
  clock: Clock;
  log: Logger;
};

/** `NETDELTA_HTTP`: NetDelta's own health, for Prometheus and for supervisors that restart it. */
export async function startHealth(parts: HealthParts): Promise<{ judged: Metrics['judged']; stop(): Promise<void> }> {
  const { config, store, queue, clock, log } = parts;
  const metrics = createMetrics({
    figures: store.figures,
    queue: queue.stats,
    trouble: () => store.trouble()?.kind,
    chats: () => chatsOf(parts),
    now: clock.now,
  });
  if (config.http === undefined) return { judged: metrics.judged, stop: async () => undefined };
  const server = await startHealthServer({ ...config.http, ready: () => readiness(parts), metrics, log });
  log.info({ host: config.http.host, port: server.port }, 'health and metrics are served');
  return { judged: metrics.judged, stop: server.close };
}

function chatsOf({ config, chats }: HealthParts): { platform: string; connected: boolean }[] {
  const wanted = [
    ...(config.slack === undefined ? [] : ['slack']),
    ...(config.discord === undefined ? [] : ['discord']),
  ];
  return wanted.map((platform) => ({ platform, connected: chats.has(platform) }));
}

async function readiness(parts: HealthParts): Promise<Readiness> {
  const { store, queue } = parts;
  const figures = await store.figures().catch((error: unknown) => wordsOf(error));
  const queued = await queue.stats().then(() => [], wordsOf);
  const trouble = store.trouble();
  const database = Array.isArray(figures) ? figures : trouble === undefined ? [] : [trouble.message];
  const late = Array.isArray(figures) ? [] : figures.groups.filter(({ overdueSince }) => overdueSince !== undefined);
  return {
    database,
    queue: queued,
    chats: chatsOf(parts).flatMap(({ platform, connected }) => (connected ? [] : [`${platform} is not connected`])),
    schedules: late.map(({ group }) => `${group} is not scanned on time`),
  };
}

/** Only the part of a failure that is meant for people. */
function wordsOf(error: unknown): string[] {
  const isMeant = error instanceof UserError || (error instanceof Error && error.name === 'StorageTrouble');
  return [isMeant ? error.message : 'it does not answer'];
}
