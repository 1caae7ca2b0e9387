import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { claimQueue } from '../adapters/bullmq/claim.ts';
import { startJudgeWorker } from '../adapters/bullmq/judge-worker.ts';
import { createQueue } from '../adapters/bullmq/queue.ts';
import { createScheduleTimer } from '../adapters/bullmq/schedule-timer.ts';
import { startChunkWorker } from '../adapters/bullmq/worker.ts';
import { createResolver } from '../adapters/dns/resolver.ts';
import { createScanner } from '../adapters/nmap/scanner.ts';
import { lockDataDir } from '../adapters/redis/data-lock.ts';
import { ensureRedis } from '../adapters/redis/ensure-redis.ts';
import { openStore } from '../adapters/sequelize/open-store.ts';
import { authoriseChunk } from './app/authorise.ts';
import { adminPlaces, channelsOf, tellUndeliverable } from './app/channels.ts';
import { startChores } from './app/chores.ts';
import { createReader } from './app/reader.ts';
import { startRemarks } from './app/remarks.ts';
import { startPlatforms } from './app/start-platforms.ts';
import { type UnderWay, watchUnderWay } from './app/under-way.ts';
import { createUseCases } from './app/use-cases.ts';
import { createDispatcher } from './commands/dispatch.ts';
import type { Dispatcher } from './commands/dispatcher.ts';
import type { Config } from './config.ts';
import type { Chat } from './ports/chat.ts';
import type { Clock } from './ports/clock.ts';
import { deliverDue } from './usecases/deliver.ts';
import { startDeliveryLoop } from './usecases/delivery-loop.ts';
import { catchUp, nextDue, runDue, syncSchedules } from './usecases/run-schedules.ts';
import { scanEvents } from './usecases/scan-events.ts';

export type App = UnderWay & {
  dispatcher: Dispatcher;
  /** What a user should know at the start: connect scans only, nobody is admin, … */
  remarks: readonly string[];
  stop(): Promise<void>;
};

export type AppOptions = {
  log: Logger;
  /** The console, when it takes part. */
  consoleChat?: Chat;
  clock?: Clock;
  /** nmap processes at once, on the local site. */
  concurrency?: number;
};

/** The only wiring: everything that NetDelta is made of, started in order. `stop` undoes it in reverse. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = { now: () => Date.now() } } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) {
      await close().catch((error: unknown) => log.warn({ err: error }, 'did not stop cleanly'));
    }
  };
  try {
    return await start(config, { ...options, clock }, closers, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: Config,
  options: AppOptions & { clock: Clock },
  closers: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<App> {
  const { log, clock } = options;
  const lock = await lockDataDir(config.dataDir);
  closers.push(() => lock.release());
  const store = await openStore(config.databaseUrl);
  closers.push(() => store.close());
  await store.migrate();
  const redis = await ensureRedis({ url: config.redisUrl, dataDir: config.dataDir, log });
  closers.push(() => redis.stop());
  const { connection } = redis;
  const instance = await instanceId(store);
  await claimQueue({ connection, instance, log });
  const queue = createQueue({ connection, log });
  closers.push(() => queue.close());

  const chats = new Map<string, Chat>();
  if (options.consoleChat !== undefined) chats.set('console', options.consoleChat);
  const platforms = () => [...chats.keys()];
  const resolver = createResolver();
  const reader = createReader();
  const scanner = createScanner();
  const channels = channelsOf(store, config.defaultChannel);
  const deliver = {
    store,
    chats,
    clock,
    log,
    instance,
    undeliverable: tellUndeliverable({ store, log, places: adminPlaces(config), now: clock.now }),
  };
  const loop = startDeliveryLoop({
    messages: store.messages,
    clock,
    log,
    platforms,
    deliver: () => deliverDue(deliver),
  });
  closers.push(() => loop.stop());
  const wake = () => loop.wake();

  const useCases = createUseCases({ config, store, queue, resolver, reader, clock, log, channelsOf: channels, wake });
  const schedules = { store, clock, log, channelsOf: channels, wake, requestScan: useCases.requestScan };
  const timer = createScheduleTimer({
    connection,
    log,
    next: nextDue,
    onDue: (id, dueAt) => runDue(schedules, id, dueAt),
  });
  closers.push(() => timer.close());
  const dispatcher = createDispatcher({
    ...useCases.commands,
    schedulesChanged: () => syncSchedules({ store, timer }),
    newReference: () => randomBytes(4).toString('hex'),
  });

  const judgeWorker = await startJudgeWorker({
    connection,
    log,
    events: scanEvents({ store, clock, judge: useCases.judge, wake }),
  });
  closers.push(() => judgeWorker.close());
  const authorise = authoriseChunk(config.allowedTargets);
  const worker = await startChunkWorker({
    connection,
    site: 'local',
    concurrency: options.concurrency ?? 2,
    scanner,
    authorise,
    log,
  });
  closers.push(() => worker.close());
  redis.onRestored(() => void useCases.resume());
  await syncSchedules({ store, timer });
  await catchUp(schedules);
  await useCases.resume();
  const chores = startChores({ log, chores: [useCases.resume, useCases.endHolds] });
  closers.push(() => chores.stop());
  const chatPlatforms = startPlatforms({ config, dispatcher, log, chats, wake, onAdminNotice: () => {} });
  closers.push(() => chatPlatforms.stop());
  await chatPlatforms.started;
  return {
    dispatcher,
    ...watchUnderWay({ store, clock, platforms, wake }),
    remarks: await startRemarks(config, scanner),
    stop,
  };
}

async function instanceId(store: {
  settings: { get(key: string): Promise<string | undefined>; set(key: string, value: string): Promise<void> };
}): Promise<string> {
  const known = await store.settings.get('instance-id');
  if (known !== undefined) return known;
  const fresh = randomBytes(4).toString('hex');
  await store.settings.set('instance-id', fresh);
  return fresh;
}
