import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { channelsOf as channelsIn, placesOf as placesIn } from '../../src/app/channels.ts';
import { createUseCases } from '../../src/app/use-cases.ts';
import type { Card } from '../../src/cards/card.ts';
import { createDispatcher } from '../../src/commands/create-dispatcher.ts';
import type { Dispatcher } from '../../src/commands/dispatcher.ts';
import { readConfig } from '../../src/config.ts';
import { CHAT_NAMES } from '../../src/core/platforms.ts';
import type { Queue, QueuedScan } from '../../src/ports/queue.ts';
import type { Store } from '../../src/ports/store.ts';
import { deliverDue } from '../../src/usecases/delivery/deliver.ts';
import { scanEvents } from '../../src/usecases/scanning/scan-events.ts';
import { openFreshStore } from '../fresh-store.ts';
import { createBoard, quiet } from '../usecases/workshop.ts';
import { type Network, nmapXml } from './network.ts';

const CONSOLE = { key: 'console:local', platform: 'console', name: 'ann', memberships: [] } as const;
const START = Date.UTC(2026, 10, 2, 8);

/** Results that workers hold until it is a scan's turn. */
type Waiting = QueuedScan & { dueAt: number };

export type HistoryBot = Awaited<ReturnType<typeof openBot>>;

/**
 * The bot as it runs, on a real database, with a clock that a test sets, and workers that see a simulated network: what
 * nmap would report about it goes through the same reader, judge, use cases and commands as ever.
 */
export async function openBot() {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-history-'));
  const file = join(directory, 'history.sqlite');
  const network: Network = new Map();
  const clock = { at: START };
  const waiting = new Map<number, Waiting>();
  const xml = new Map<number, string[]>();
  const board = createBoard();
  let running = await start(await openFreshStore(file));

  async function start(store: Store) {
    const now = { now: () => clock.at };
    const placesOf = placesIn(store, undefined);
    const channelsOf = channelsIn(store, undefined);
    const reader = createInlineReader();
    const useCases = createUseCases({
      ...{ store, queue: queueOf(waiting, clock), reader, clock: now, log: quiet, channelsOf, placesOf },
      config: { ...readConfig({}, directory), dataDir: directory, allowedTargets: ['10.0.0.0/8'] },
      resolver: { resolve: async () => [] },
      judged: () => undefined,
      wake: () => undefined,
      tellAdmins: (text) => {
        throw new Error(`it gave up: ${text}`);
      },
    });
    const events = scanEvents({ store, clock: now, judge: useCases.judge, wake: () => undefined });
    const dispatcher = createDispatcher({
      ...useCases.commands,
      platforms: () => CHAT_NAMES,
      newReference: () => 'ref',
      schedulesChanged: async () => undefined,
      log: {
        error: (fields, message) => {
          throw new Error(`${message}: ${String(fields['err'])}`);
        },
      },
    });
    return { store, useCases, events, dispatcher };
  }

  async function finish({ scanId, chunks }: Waiting): Promise<void> {
    waiting.delete(scanId);
    await running.events.onStarted(scanId);
    const documents = chunks.map((chunk) => nmapXml(network, chunk, clock.at));
    xml.set(scanId, documents);
    for (const [index, text] of documents.entries()) {
      await running.events.onChunk(scanId, index, 1, { xml: Buffer.from(text), outcome: 'complete', notes: [] });
    }
  }

  async function deliver(): Promise<void> {
    const { store } = running;
    const deps = {
      ...{ store, chats: new Map([['console', board.chat]]), sinks: new Map(), log: quiet, instance: 'test' },
      sinkDeadline: () => AbortSignal.timeout(60_000),
      clock: { now: () => clock.at },
      drawReport: async () => new Uint8Array(),
      undeliverable: async () => undefined,
    };
    for (let sends = await deliverDue(deps); sends.length > 0; sends = await deliverDue(deps)) await Promise.all(sends);
  }

  return {
    ...{ network, clock, board, xml },
    store: () => running.store,
    dispatcher: (): Dispatcher => running.dispatcher,
    run: (text: string) => answerOf(running.dispatcher, text),
    /** The scans that are due, one after the other; `judged` is called for each. */
    async work(judged: (scanId: number) => Promise<void>): Promise<void> {
      for (;;) {
        const next = [...waiting.values()].find(({ dueAt }) => dueAt <= clock.at);
        if (next === undefined) return;
        await finish(next);
        await running.events.onScanEnded(next.scanId);
        await judged(next.scanId);
      }
    },
    /** The next scan's results are there, and nobody has judged them. */
    async workUnjudged(): Promise<number | undefined> {
      const next = [...waiting.values()].find(({ dueAt }) => dueAt <= clock.at);
      if (next === undefined) return undefined;
      await finish(next);
      await running.store.scans.transition(next.scanId, ['running'], 'judging');
      return next.scanId;
    },
    nextDue: () =>
      [...waiting.values()].reduce<number | undefined>(
        (soonest, { dueAt }) => Math.min(soonest ?? dueAt, dueAt),
        undefined,
      ),
    /** Everything that is not in the database is gone. */
    async restart(): Promise<void> {
      await running.store.close();
      waiting.clear();
      running = await start(await openStore(`sqlite:${file}`));
      await running.useCases.resume();
    },
    endHolds: () => running.useCases.endHolds(),
    deliver,
    async close() {
      await running.store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function queueOf(waiting: Map<number, Waiting>, clock: { at: number }): Queue {
  return {
    async addScan(scan) {
      const known = waiting.get(scan.scanId);
      if (known === undefined) waiting.set(scan.scanId, { ...scan, dueAt: clock.at + (scan.delayMs ?? 0) });
    },
    async retarget({ scanId, chunks }) {
      const known = waiting.get(scanId);
      if (known !== undefined) waiting.set(scanId, { ...known, chunks });
    },
    cancelScan: async (scanId) => void waiting.delete(scanId),
    hasScan: async (scanId) => waiting.has(scanId),
    scans: async () => [...waiting.values()].map(({ scanId, site }) => ({ scanId, site })),
    dropScan: async (scanId) => void waiting.delete(scanId),
    stats: async () => ({ sites: [{ site: 'local', workers: 1, waiting: 0, active: 0, delayed: 0 }] }),
  };
}

export type Answered = { card: Card; data?: unknown };

async function answerOf(dispatcher: Dispatcher, text: string): Promise<Answered> {
  const result = await dispatcher.command({
    principal: CONSOLE,
    channel: 'console:main',
    input: { type: 'text', text },
    canShowForm: false,
  });
  if (result.type !== 'card') throw new Error(`${text}: ${JSON.stringify(result)}`);
  return result;
}
