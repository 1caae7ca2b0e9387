import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cardText } from '../../../adapters/console/card-text.ts';
import { renderCard } from '../../../adapters/discord/render/render-card.ts';
import { createInlineReader } from '../../../adapters/nmap/read-source.ts';
import { renderMessage } from '../../../adapters/slack/render/render.ts';
import { channelsOf, placesOf } from '../../../src/app/channels.ts';
import type { Card } from '../../../src/cards/card.ts';
import { judgeScan as judge } from '../../../src/core/judge/judge-scan.ts';
import { GROUP_DEFAULTS, type Group } from '../../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { isOver } from '../../../src/core/model/scan.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { deliverDue } from '../../../src/usecases/delivery/deliver.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../../src/usecases/judging/judge-scan.ts';
import { openFreshStore } from '../../fresh-store.ts';
import { quiet } from '../../usecases/workshop.ts';
import type { Target } from '../target.ts';
import { chunk, RESULTS, settings } from './scan-results.ts';

/** So many results one group judges before the next is made: what is believed grows with each. */
const SCANS_OF_A_GROUP = 50;

type Room = Awaited<ReturnType<typeof openRoom>>;
let room: Room | undefined;

/** A result judged as a scan of a group in a real database, and what it makes posted drawn for every chat. */
export const DATABASE: Target = {
  name: 'XML reader, judge, database and messages',
  share: 2,
  seeds: RESULTS,
  open: async () => {
    room = await openRoom();
  },
  take: (xml) => room?.judge(xml),
  close: async () => {
    await room?.close();
    room = undefined;
  },
};

async function openRoom() {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-fuzz-'));
  const store = await openFreshStore(join(directory, 'test.sqlite'));
  let now = Date.UTC(2026, 10, 24, 12);
  let group: Group | undefined;
  let judged = 0;

  const deps = {
    ...{ store, log: quiet, clock: { now: () => now }, channelsOf: channelsOf(store, undefined) },
    ...{ placesOf: placesOf(store, undefined), wake: () => {}, confirm: async () => {}, baseline: async () => {} },
    ...{ canAsk: async () => false, startNext: async () => {} },
    judgeChunks: judgeChunksHere({ reader: createInlineReader(), judge }),
  };
  const delivery = {
    ...{ store, log: quiet, clock: deps.clock, instance: 'fuzz', sinks: new Map() },
    ...{ drawReport: async () => new Uint8Array(), sinkDeadline: () => AbortSignal.timeout(60_000) },
    chats: new Map([['console' as const, drawing()]]),
    undeliverable: async (_: unknown, code: string) => Promise.reject(new Error(`not delivered: ${code}`)),
  };

  async function nextGroup(): Promise<Group> {
    if (group !== undefined) await store.groups.remove(group.id);
    const name = `lab${judged}`;
    const targets = ['10.0.0.0/8', '127.0.0.0/24', '192.168.0.0/16'];
    group = await store.groups.add(
      { ...GROUP_DEFAULTS, name, targets, exclude: [], policy: DEFAULT_POLICY },
      'console:local',
      now,
    );
    return group;
  }

  return {
    async judge(xml: string): Promise<void> {
      const at = judged++ % SCANS_OF_A_GROUP === 0 || group === undefined ? await nextGroup() : group;
      now += 3_600_000;
      const origin = { type: 'command', by: 'console:local', channel: 'console:main' } as const;
      const { scan } = await store.scans.add({
        ...{ groupId: at.id, kind: 'scan', settings, site: 'local', hostsTotal: 256, queuedAt: now, notes: [] },
        ...{ origin, chunks: [chunk] },
      });
      await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: now });
      await store.scans.stageChunk(scan.id, 0, 1, { xml: Buffer.from(xml), outcome: 'complete' });
      await judgeScan(deps, scan.id);
      const after = await store.scans.byId(scan.id);
      if (after === undefined || !isOver(after)) throw new Error(`the scan is ${after?.status ?? 'gone'}`);
      await Promise.all(await deliverDue(delivery));
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Draws each card for every chat, and keeps none. */
function drawing(): Chat {
  let posted = 0;
  const draw = (card: Card): void => {
    cardText(card);
    renderMessage(card, { people: { nameOf: () => undefined, mention: () => false }, whole: 'the file' });
    renderCard(card, { kindOf: () => 'user', announce: true });
  };
  return {
    platform: 'console',
    post: async ({ channel, card }) => {
      draw(card);
      posted += 1;
      return { channel, id: `m${posted}` };
    },
    update: async (_, card) => draw(card),
    find: async () => undefined,
    link: async () => undefined,
  };
}
