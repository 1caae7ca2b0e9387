import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { createResolver } from '../adapters/dns/resolver.ts';
import { openDoor } from '../adapters/door/server.ts';
import { createScanner } from '../adapters/nmap/scanner.ts';
import { adminNotices } from './app/admin-notices.ts';
import { adminPlaces, channelsOf, placesOf } from './app/channels.ts';
import { createConsoleHub } from './app/console-hub.ts';
import { doorPath } from './app/door.ts';
import { createEngine } from './app/engine.ts';
import { type Closers, createClosers, type Foundation, openFoundation } from './app/foundation.ts';
import { startHealth } from './app/health.ts';
import { startOutbox } from './app/outbox.ts';
import { createReader } from './app/reader.ts';
import { startRemarks } from './app/remarks.ts';
import { closeSinks, createSinks } from './app/sinks.ts';
import { type Platforms, startPlatforms } from './app/start-platforms.ts';
import { type UnderWay, watchUnderWay } from './app/under-way.ts';
import { createUseCases } from './app/use-cases.ts';
import { createDispatcher } from './commands/create-dispatcher.ts';
import type { Dispatcher } from './commands/dispatcher.ts';
import { reportScanById } from './commands/report-scan.ts';
import type { Config } from './config.ts';
import type { Chat } from './ports/chat.ts';
import type { Clock } from './ports/clock.ts';

export type App = UnderWay & {
  dispatcher: Dispatcher;
  /** What a user should know at the start: connect scans only, nobody is admin, … */
  remarks: readonly string[];
  stop(): Promise<void>;
};

export type AppOptions = {
  log: Logger;
  /** The console, if there is one. */
  consoleChat?: Chat;
};

/** The only wiring: creates all parts of NetDelta and starts them in order. `stop` undoes it in reverse. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const closers = createClosers(options.log);
  try {
    return await start(config, options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function start(config: Config, { log, consoleChat }: AppOptions, closers: Closers): Promise<App> {
  const clock = { now: () => Date.now() };
  const scanner = createScanner(config);
  const foundation = await openFoundation(config, log, closers);
  const { store, queue, instance } = foundation;
  const sinks = createSinks(config, clock);
  closers.add(() => closeSinks(sinks));
  const places = {
    placesOf: placesOf(store, config.defaultChannel),
    channelsOf: channelsOf(store, config.defaultChannel),
  };
  const outbox = startOutbox({ config, store, instance, clock, log, sinks, ...places });
  closers.add(() => outbox.stop());
  const consoles = createConsoleHub({
    onUp: (chat) => {
      outbox.chats.set('console', chat);
      outbox.wake();
    },
    onDown: () => outbox.chats.delete('console'),
  });
  if (consoleChat !== undefined) consoles.showOn(consoleChat);
  const base = { store, clock, log, ...places, wake: outbox.wake };
  const notices = adminNotices({ ...base, places: adminPlaces(config), now: clock.now });
  closers.add(notices.stop);
  const reading = { resolver: createResolver(), reader: createReader() };
  let judged = (_ms: number): void => undefined;
  const parts = { ...base, ...reading, config, queue, tellAdmins: notices.tell };
  const useCases = createUseCases({ ...parts, judged: (ms) => judged(ms) });
  const schedules = { ...base, requestScan: useCases.requestScan };
  const engine = createEngine({ ...base, config, foundation, useCases, schedules, scanner, closers });
  let platforms: Platforms | undefined;
  const dispatcher = createDispatcher({
    ...useCases.commands,
    platforms: outbox.platforms,
    schedulesChanged: engine.schedulesChanged,
    checkChannel: async (channel) => (await platforms?.checkChannel(channel)) ?? [],
    newReference: () => randomBytes(4).toString('hex'),
  });
  const health = await startHealth({ config, store, queue, chats: outbox.chats, clock, log });
  closers.add(health.stop);
  judged = health.judged;
  await engine.start();
  platforms = startPlatforms({
    ...{ ...base, config, dispatcher, chats: outbox.chats, sinks },
    channels: async () => (await Promise.all((await store.groups.list()).map(base.channelsOf))).flat(),
    claimInteraction: (id) => claimInteraction(foundation, clock, id),
    onAdminNotice: notices.tell,
    onRejected: notices.rejected,
  });
  closers.add(platforms.stop);
  await platforms.started;
  const underWay = watchUnderWay({ ...base, platforms: outbox.platforms });
  const host = {
    ...{ dispatcher, ...underWay, showOn: consoles.showOn },
    reportScan: (scanId: number) => reportScanById(store, scanId, clock.now()),
  };
  const door = await openDoor({ path: await doorPath(config.dataDir), host, log });
  closers.add(door.close);
  return { dispatcher, remarks: await startRemarks(config, scanner), stop: closers.closeAll, ...underWay };
}

/** Longer than an interaction is of any interest. */
const INTERACTION_MS = 3_600_000;

/** If the database does not answer, the command itself reports it. */
async function claimInteraction({ store, bot }: Foundation, clock: Clock, id: string): Promise<boolean> {
  const lease = { now: clock.now(), forMs: INTERACTION_MS };
  return store.leases.take(`interaction:${id}`, bot, lease).catch(() => true);
}
