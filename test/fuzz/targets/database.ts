import { existsSync } from 'node:fs';
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
import { type ChunkRequest, isOver } from '../../../src/core/model/scan.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import type { Store } from '../../../src/ports/store.ts';
import { deliverDue } from '../../../src/usecases/delivery/deliver.ts';
import { judgeChunksHere } from '../../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../../src/usecases/judging/judge-scan.ts';
import { openFreshStore } from '../../fresh-store.ts';
import { quiet } from '../../usecases/workshop.ts';
import type { Target } from '../target.ts';
import { SMALL_RESULTS, settings } from './scan-results.ts';

/** How many scans one group has before the next is created: its belief grows with each. */
const SCANS_OF_A_GROUP = 20;
/**
 * Each input is a chunk of its scan with a network of its own. Every scan is some fifty statements, however many chunks
 * it has.
 */
const CHUNKS_OF_A_SCAN = 250;
/** In memory if there is enough: otherwise each commit waits for a disk. */
const MEMORY = '/dev/shm';

type Staged = Awaited<ReturnType<Store['scans']['staged']>>;
type Room = Awaited<ReturnType<typeof openRoom>>;
let room: Room | undefined;

/** Judges a result as part of a group's scan in a real database, and draws the messages it causes for every chat. */
export const DATABASE: Target = {
  name: 'XML reader, judge, database and messages',
  share: 40,
  seeds: SMALL_RESULTS,
  open: async () => {
    room = await openRoom();
  },
  take: (xml) => room?.judge([xml]),
  batch: {
    size: CHUNKS_OF_A_SCAN,
    at: (xml, place) => xml.replaceAll(/\b10\.(?:8|76)\.0\./g, `10.${place}.0.`),
    take: async (inputs) => room?.judge(inputs),
  },
  close: async () => {
    await room?.close();
    room = undefined;
  },
};

const chunkAt = (place: number): ChunkRequest => ({
  ...{ ranges: [[`10.${place}.0.0`, `10.${place}.0.255`]], family: 4, settings },
});

async function openRoom() {
  const directory = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'netdelta-fuzz-'));
  const store = await openFreshStore(join(directory, 'test.sqlite'));
  let now = Date.UTC(2026, 10, 24, 12);
  let group: Group | undefined;
  let judged = 0;
  let last: number | undefined;
  let staged: Staged = [];
  // Workers' results are stored as they arrive, unread; a thousand of them would be a thousand transactions.
  const judging = { ...store, scans: { ...store.scans, staged: async () => staged } };

  const deps = {
    ...{ store: judging, log: quiet, clock: { now: () => now }, channelsOf: channelsOf(store, undefined) },
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
    last = undefined;
    const name = `lab${judged}`;
    const targets = ['10.0.0.0/8'];
    group = await store.groups.add(
      { ...GROUP_DEFAULTS, name, targets, exclude: [], policy: DEFAULT_POLICY },
      'console:local',
      now,
    );
    return group;
  }

  return {
    async judge(inputs: readonly string[]): Promise<void> {
      const at = judged++ % SCANS_OF_A_GROUP === 0 || group === undefined ? await nextGroup() : group;
      now += 3_600_000;
      // The chunks of a confirmation each have their own coverage, those of a scan share one.
      const parent = judged % 3 === 0 ? last : undefined;
      const origin = { type: 'command', by: 'console:local', channel: 'console:main' } as const;
      const { scan } = await store.scans.add({
        ...{ groupId: at.id, settings, site: 'local', hostsTotal: 256, queuedAt: now, notes: [], origin },
        ...(parent === undefined ? { kind: 'scan' } : { kind: 'confirmation', parentId: parent }),
        chunks: inputs.map((_, place) => chunkAt(place)),
      });
      await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: now });
      staged = inputs.map((xml, chunk) => ({ chunk, attempt: 1, xml: Buffer.from(xml), outcome: 'complete' }));
      await judgeScan(deps, scan.id);
      const after = await store.scans.byId(scan.id);
      if (after === undefined || !isOver(after)) throw new Error(`the scan is ${after?.status ?? 'gone'}`);
      if (after.kind === 'scan') last = after.id;
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
