import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createInlineReader } from '../../adapters/nmap/read-source.ts';
import { channelsOf as channelsIn, placesOf as placesIn } from '../../src/app/channels.ts';
import type { Card } from '../../src/cards/card.ts';
import type { JudgedDelta } from '../../src/core/model/delta.ts';
import { GROUP_DEFAULTS, type Group, type GroupSpec } from '../../src/core/model/group.ts';
import type { Doubt, Judge, Judgement } from '../../src/core/model/judgement.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';
import type { Scan, ScanSettings } from '../../src/core/model/scan.ts';
import type { Chat, MessageRef, OutgoingMessage } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { type DeliverDeps, deliverDue } from '../../src/usecases/delivery/deliver.ts';
import { judgeChunksHere } from '../../src/usecases/judging/judge-chunks.ts';
import { judgeScan } from '../../src/usecases/judging/judge-scan.ts';
import { openFreshStore } from '../fresh-store.ts';

export const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export type Posted = { ref: MessageRef; card: Card; edits: number; inThreadOf?: string; nonce: string };

/** A place to post to that records messages, as a chat does. */
export function createBoard(platform: Chat['platform'] = 'console') {
  const posted: Posted[] = [];
  let fail: ((message: OutgoingMessage) => void) | undefined;
  const chat: Chat = {
    platform,
    async post(message) {
      const before = posted.length;
      const ref: MessageRef = { channel: message.channel, id: `m${before + 1}` };
      const keep = () =>
        posted.push({
          ref,
          card: message.card,
          edits: 0,
          nonce: message.nonce,
          ...(message.inThreadOf === undefined ? {} : { inThreadOf: message.inThreadOf.id }),
        });
      fail?.(message);
      keep();
      return ref;
    },
    async update(ref, card) {
      const found = posted.find((one) => one.ref.id === ref.id);
      if (found === undefined) throw new Error(`no message ${ref.id}`);
      found.card = card;
      found.edits += 1;
    },
    async find(nonce) {
      return posted.find((one) => one.nonce === nonce)?.ref;
    },
    link: async ({ id }) => `https://chat.example/${id}`,
  };
  return {
    chat,
    posted,
    /** Called before a message is kept; may throw. */
    failWith(next: ((message: OutgoingMessage) => void) | undefined) {
      fail = next;
    },
    /** The message arrives, but its response does not. */
    loseAnswer(error: Error) {
      const keep = chat.post;
      chat.post = async (message) => {
        chat.post = keep;
        await keep(message);
        throw error;
      };
    },
  };
}

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>;

/** The use cases on a real database, with a judge that returns what the test wants, and a clock that stands still. */
export async function openWorkshop() {
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-usecases-'));
  const store = await openFreshStore(join(directory, 'test.sqlite'));
  const time = { now: Date.UTC(2026, 10, 24, 12) };
  const clock = { now: () => time.now };
  const board = createBoard();
  const confirmed: { scan: Scan; doubts: readonly Doubt[] }[] = [];
  const undeliverable: string[] = [];
  const placesOf = placesIn(store, undefined);
  const channelsOf = channelsIn(store, undefined);
  const delivery: DeliverDeps = {
    store,
    chats: new Map([['console', board.chat]]),
    sinks: new Map(),
    clock,
    log: quiet,
    instance: 'test',
    drawReport: async () => new Uint8Array(),
    sinkDeadline: () => AbortSignal.timeout(60_000),
    undeliverable: async (message, code) => void undeliverable.push(`${message.id} ${code}`),
  };

  async function addGroup(change: Partial<GroupSpec> = {}): Promise<Group> {
    const { profile, site, remind, retention, catchUpMs } = GROUP_DEFAULTS;
    const spec = {
      name: 'lab',
      targets: ['10.0.0.0/24'],
      exclude: [],
      profile,
      site,
      remind,
      retention,
      catchUpMs,
      policy: DEFAULT_POLICY,
    };
    return store.groups.add({ ...spec, ...change }, 'console:local', time.now);
  }

  async function addScan(
    group: Group,
    change: Partial<Pick<Scan, 'kind' | 'parentId' | 'origin'>> = {},
  ): Promise<Scan> {
    const settings: ScanSettings = {
      profile: 'quick',
      ports: '22,80',
      tcp: true,
      udp: false,
      versionDetection: false,
      timing: 4,
      resolveNames: false,
      skipDiscovery: false,
    };
    const { scan } = await store.scans.add({
      ...{ groupId: group.id, kind: 'scan', settings, site: 'local', hostsTotal: 256, queuedAt: time.now, notes: [] },
      origin: { type: 'command', by: 'console:local', channel: 'console:main' },
      chunks: [{ ranges: [['10.0.0.0', '10.0.0.255']], family: 4, settings }],
      ...change,
    });
    await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: time.now });
    await store.scans.stageChunk(scan.id, 0, 1, { xml: gzipSync(EMPTY_RUN), outcome: 'complete' });
    return scan;
  }

  /** Runs one scan of the group, about which the judge reports just this. */
  async function judged(group: Group, deltas: readonly JudgedDelta[], change: Parameters<typeof addScan>[1] = {}) {
    time.now += 60_000;
    const scan = await addScan(group, change);
    await judge(scan.id, () => saying(deltas));
    return scan;
  }

  async function judge(scanId: number, say: () => Judgement): Promise<void> {
    const scripted: Judge = () => say();
    await judgeScan(
      {
        ...{
          store,
          judgeChunks: judgeChunksHere({ reader: createInlineReader(), judge: scripted }),
          clock,
          log: quiet,
          channelsOf,
          placesOf,
          wake: () => {},
        },
        confirm: async (scan, _group, doubts) => void confirmed.push({ scan, doubts }),
        baseline: async () => {},
        canAsk: async () => false,
        startNext: async () => {},
      },
      scanId,
    );
  }

  /** Sends until nothing more is due. */
  async function deliver(): Promise<void> {
    for (;;) {
      const sends = await deliverDue(delivery);
      await Promise.all(sends);
      if (sends.length === 0) return;
    }
  }

  return {
    ...{
      store,
      time,
      clock,
      board,
      confirmed,
      undeliverable,
      channelsOf,
      placesOf,
      delivery,
      addGroup,
      addScan,
      judged,
      judge,
      deliver,
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function saying(deltas: readonly JudgedDelta[]): Judgement {
  return { deltas, hosts: [], group: {}, firstDetermined: [], doubts: [], resolved: [], passes: [], notes: [] };
}

export function serviceDelta(kind: 'service-added' | 'service-removed', address: string, port: number): JudgedDelta {
  const added = kind === 'service-added';
  return {
    ...{ kind, address, protocol: 'tcp', port, state: 'confirmed', grade: 'green', probability: 0.001 },
    before: { present: !added },
    after: { present: added },
    evidence: [added ? 'open: syn-ack received' : 'closed: reset received'],
  };
}

export function hostDelta(kind: 'host-appeared' | 'host-down' | 'host-recovered', address: string): JudgedDelta {
  return { kind, address, state: 'confirmed', grade: 'green', probability: 0.001, evidence: ['answered'] };
}

export const EMPTY_RUN = `<?xml version="1.0"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -oX - 10.0.0.0/24" start="1795514663" version="7.93" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="2" services="22,80"/>
<runstats><finished time="1795514710" elapsed="1" exit="success"/><hosts up="0" down="256" total="256"/></runstats>
</nmaprun>
`;
