// In one process with Slack, as most teams run it: Bolt's undici then serves discord.js too.
import '@slack/bolt';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../src/core/model/group.ts';
import type { ScanOrigin } from '../../../src/core/model/scan.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { allDeltas } from '../../../src/usecases/answers/all-deltas.ts';
import { answerDeltas } from '../../../src/usecases/answers/answer-deltas.ts';
import { deliverDue } from '../../../src/usecases/delivery/deliver.ts';
import { requestScan } from '../../../src/usecases/scanning/request-scan.ts';
import type { Harness, Seen } from '../../adapters/chat-contract.ts';
import { openDiscordHarness } from '../../adapters/discord/chat-harness.ts';
import { openSlackHarness } from '../../adapters/slack/harness.ts';
import { EMPTY_RUN, openWorkshop, saying, serviceDelta, type Workshop } from '../workshop.ts';

const FIVE = [1, 2, 3, 4, 5].map((last) => serviceDelta('service-added', `10.0.0.${last}`, 3389));
/** A sentence, who and when, small print: what is left of an answered delta. */
const SHORT = 260;

/** The scans are judged here, not scanned. */
const queue: Queue = {
  addScan: async () => {},
  retarget: async () => {},
  cancelScan: async () => {},
  scans: async () => [],
  dropScan: async () => undefined,
  hasScan: async () => true,
  stats: async () => ({ sites: [] }),
};

describe.each([
  ['Slack', openSlackHarness],
  ['Discord', openDiscordHarness],
])('what %s is sent', (_platform, open) => {
  let workshop: Workshop;
  let harness: Harness;
  let group: Group;
  beforeEach(async () => {
    workshop = await openWorkshop();
    harness = await open();
    group = await workshop.addGroup({ channel: harness.channel });
  });
  afterEach(async () => {
    await harness.close();
    await workshop.close();
  });

  async function deliver(): Promise<void> {
    const { chat, channel } = harness;
    const chats = new Map([[channel.slice(0, channel.indexOf(':')), chat]]);
    for (;;) {
      const sends = await deliverDue({ ...workshop.delivery, chats });
      await Promise.all(sends);
      if (sends.length === 0) return;
    }
  }

  async function count(): Promise<number> {
    await deliver();
    return harness.count(harness.channel);
  }

  async function shown(): Promise<Seen[]> {
    const all: Seen[] = [];
    for (let id = 1; ; id++) {
      const message = await workshop.store.messages.byId(id);
      if (message === undefined) return all;
      const { ref, channel } = message;
      const seen = ref === undefined ? undefined : await harness.read({ ...ref, channel });
      if (seen !== undefined) all.push(seen);
    }
  }

  async function quietScan(origin: ScanOrigin, seen = saying([])): Promise<void> {
    const { store, time, judge } = workshop;
    const deps = { ...workshop, queue, resolver: { resolve: async () => [] }, allowed: ['10.0.0.0/8'], wake: () => {} };
    const { scan } = await requestScan(deps, { group, origin });
    await store.scans.transition(scan.id, ['queued'], 'running', { startedAt: time.now });
    await store.scans.stageChunk(scan.id, 0, 1, { xml: gzipSync(EMPTY_RUN), outcome: 'complete' });
    await judge(scan.id, () => seen);
  }

  async function acknowledgeAll(): Promise<void> {
    const { store, time } = workshop;
    const ann = { by: 'slack:U0ANN', byName: 'ann', at: time.now };
    await answerDeltas({ store, wake: () => {} }, await allDeltas(store, {}), { type: 'acknowledged', ...ann });
  }

  const scheduled = { origin: { type: 'schedule', schedule: 1 } } as const;

  it.each<[string, ScanOrigin['type']]>([
    ['asked for', 'command'],
    ['scheduled', 'schedule'],
  ])('is one message for a first scan that was %s, which also shows its baseline', async (_how, type) => {
    const asked = { type: 'command', by: 'slack:U0ANN', channel: harness.channel } as const;
    const first = { ...saying([]), firstDetermined: [{ address: '10.0.0.1' }, { address: '10.0.0.2' }] };
    await quietScan(type === 'command' ? asked : scheduled.origin, first);
    expect(await count()).toBe(1);
    const [message] = await shown();
    expect(message?.text).toMatch(/baseline recorded/i);
  });

  it('is nothing when a scheduled scan was quiet, and one message when it was requested', async () => {
    // The first is the baseline, which is reported once.
    await workshop.judged(group, []);
    const before = await count();
    await quietScan(scheduled.origin);
    expect(await count()).toBe(before);
    await quietScan({ type: 'command', by: 'slack:U0ANN', channel: harness.channel });
    expect(await count()).toBe(before + 1);
    expect((await shown()).at(-1)?.text).toContain('No change.');
  });

  it('is one message for an alert of one delta, even once it is answered', async () => {
    await workshop.judged(group, FIVE.slice(0, 1), scheduled);
    expect(await count()).toBe(1);
    await acknowledgeAll();
    expect(await count()).toBe(1);
  });

  it('is a parent and five replies for five hosts, and answering all leaves six short messages', async () => {
    await workshop.judged(group, FIVE, scheduled);
    expect(await count()).toBe(6);
    for (const { buttons } of await shown()) expect(buttons.length).toBeGreaterThan(1);
    await acknowledgeAll();
    expect(await count()).toBe(6);
    const after = await shown();
    expect(after).toHaveLength(6);
    for (const { text, buttons } of after) {
      expect(buttons.map(({ label }) => label)).toEqual(['Undo']);
      expect(text).toMatch(/RDP opened on[\s\S]*Acknowledged by/);
      expect(text.length).toBeLessThan(SHORT);
    }
  });
});
