import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../../src/cards/card.ts';
import type { Scan } from '../../../src/core/model/scan.ts';
import type { QueueEvents } from '../../../src/ports/queue.ts';
import { scanEvents } from '../../../src/usecases/scanning/scan-events.ts';
import { watchSilent } from '../../../src/usecases/scanning/watch-silent.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let events: QueueEvents;
let scan: Scan;
beforeEach(async () => {
  workshop = await openWorkshop();
  events = scanEvents({ store: workshop.store, clock: workshop.clock, judge: async () => {}, wake: () => {} });
  const group = await workshop.addGroup();
  const settings = (await workshop.addScan(group)).settings;
  const { scan: added } = await workshop.store.scans.add({
    ...{ groupId: group.id, kind: 'scan', settings, site: 'local', hostsTotal: 257, queuedAt: 1, notes: [] },
    origin: { type: 'command', by: 'console:local', channel: 'console:main' },
    chunks: [
      { ranges: [['10.0.0.0', '10.0.0.255']], family: 4, settings },
      { ranges: [['10.0.1.0', '10.0.1.0']], family: 4, settings },
    ],
  });
  scan = added;
  const subject = { type: 'scan' as const, scan: scan.id };
  await workshop.store.messages.want({ subject, channel: 'console:main', at: 1 });
});
afterEach(() => workshop.close());

const now = () => workshop.store.scans.byId(scan.id);
const complete = { xml: gzipSync(''), outcome: 'complete' as const, notes: [] };
const shown = () => {
  const [section] = workshop.board.posted[0]?.card.sections ?? [];
  return section?.type === 'progress' ? [section.percent, plainText(section.label ?? '')] : undefined;
};

describe('the progress of a scan', () => {
  it('combines that of its parts, and ended parts are whole', async () => {
    await events.onStarted(scan.id);
    await events.onProgress(scan.id, 0, { hostsDone: 3, hostsUp: 2, percent: 50 });
    expect(await now()).toMatchObject({ status: 'running', percent: 25, hostsDone: 3, hostsUp: 2, chunksDone: 0 });
    await events.onChunk(scan.id, 0, 1, complete);
    expect(await now()).toMatchObject({ percent: 50, hostsDone: 256, hostsUp: 2, chunksDone: 1 });
  });

  it('never goes back: not by a late report of a part that has ended, and not by a restart', async () => {
    await events.onChunk(scan.id, 0, 1, complete);
    await events.onProgress(scan.id, 0, { hostsDone: 3, hostsUp: 2, percent: 50 });
    expect(await now()).toMatchObject({ percent: 50, hostsDone: 256 });
    const restarted = scanEvents({ ...workshop, judge: async () => {}, wake: () => {} });
    await restarted.onProgress(scan.id, 1, { hostsDone: 0, hostsUp: 0, percent: 0 });
    expect(await now()).toMatchObject({ percent: 50, hostsDone: 256 });
  });

  it('and its estimate count the parts that ended before a restart', async () => {
    await events.onStarted(scan.id);
    await events.onProgress(scan.id, 0, { hostsDone: 200, hostsUp: 30, upDone: 15, percent: 50, phase: 'ports' });
    await events.onChunk(scan.id, 0, 1, complete);
    workshop.time.now += 60_000;
    const restarted = scanEvents({ ...workshop, judge: async () => {}, wake: () => {} });
    const report = { hostsDone: 0, hostsUp: 1, upDone: 0, percent: 20, phase: 'ports' } as const;
    await Promise.all([restarted.onProgress(scan.id, 1, report), restarted.onProgress(scan.id, 1, report)]);
    const whole = { percent: 60, hostsDone: 256, hostsUp: 31, chunksDone: 1 };
    expect(await now()).toMatchObject({ ...whole, underWay: { done: 60, upDone: 30, upEnded: 30 } });
    await workshop.deliver();
    const words = '30 of 31 hosts done · 226 addresses silent · about 40 seconds left';
    expect(shown()).toEqual([60, `ports · ${words}`]);
    const again = scanEvents({ ...workshop, judge: async () => {}, wake: () => {} });
    await again.onProgress(scan.id, 1, { ...report, percent: 60 });
    expect(await now()).toMatchObject({ percent: 80, hostsDone: 256, hostsUp: 31, underWay: { upEnded: 30 } });
  });

  it('shows the host count that belongs to its percentage', async () => {
    const [silent, found, half] = [
      { hostsDone: 226, hostsUp: 0 },
      { hostsDone: 226, hostsUp: 30 },
      { hostsDone: 241, hostsUp: 30 },
    ];
    await events.onStarted(scan.id);
    await workshop.deliver();
    expect(shown()).toEqual([0, '257 addresses to look at']);
    const reported = [
      [
        { ...silent, upDone: 0, percent: 0, phase: 'discovery' },
        0,
        'looking who is there · 226 addresses silent · 31 addresses to look at',
      ],
      [
        { ...found, upDone: 0, percent: 0, phase: 'ports', step: 97 },
        0,
        'ports, this step 97 % · 0 of 30 hosts done · 226 addresses silent · 1 address to look at',
      ],
      [
        { ...half, upDone: 15, percent: 50, phase: 'ports' },
        25,
        'ports · 15 of 30 hosts done · 226 addresses silent · 1 address to look at',
      ],
      [
        { ...silent, upDone: 0, percent: 0, phase: 'discovery' },
        25,
        'looking who is there · 15 of 30 hosts done · 226 addresses silent · 1 address to look at',
      ],
    ] as const;
    for (const [progress, ...words] of reported) {
      await events.onProgress(scan.id, 0, progress);
      workshop.time.now += 5000;
      await workshop.deliver();
      expect(String(shown()?.[1]).replace(/ · about .*/, '')).toBe(words[1]);
      expect(shown()?.[0]).toBe(words[0]);
    }
    await events.onChunk(scan.id, 0, 1, complete);
    expect(await now()).toMatchObject({ percent: 50, hostsDone: 256, hostsUp: 0, underWay: { upDone: 0 } });
  });

  it('is shown by one edit in five seconds, with the newest value', async () => {
    await events.onStarted(scan.id);
    await workshop.deliver();
    await events.onProgress(scan.id, 0, { hostsDone: 3, hostsUp: 2, percent: 50 });
    await events.onProgress(scan.id, 0, { hostsDone: 9, hostsUp: 2, percent: 80 });
    await workshop.deliver();
    expect(shown()).toEqual([0, '257 addresses to look at']);
    workshop.time.now += 5000;
    await workshop.deliver();
    expect(shown()).toEqual([40, expect.stringContaining('9 of 257 addresses done · 2 up')]);
    expect(workshop.board.posted[0]?.edits).toBe(1);
  });

  it('names the activity of each running part, and counts again what a lost worker had done', async () => {
    await events.onStarted(scan.id);
    await events.onProgress(scan.id, 0, { hostsDone: 3, hostsUp: 2, percent: 50, phase: 'ports', step: 40 });
    expect((await now())?.underWay).toEqual({ phases: ['ports'], step: 40, done: 25, at: workshop.time.now });
    await events.onProgress(scan.id, 1, { hostsDone: 0, hostsUp: 0, percent: 0, phase: 'discovery' });
    expect((await now())?.underWay).toMatchObject({ phases: ['discovery', 'ports'], done: 25 });
    await events.onProgress(scan.id, 0, { hostsDone: 0, hostsUp: 0, percent: 0, phase: 'discovery' });
    expect(await now()).toMatchObject({ percent: 25, underWay: { phases: ['discovery'], done: 0 } });
    await workshop.store.scans.setProgress(scan.id, { hostsDone: 1, hostsUp: 1, chunksDone: 2 });
    expect(await now()).not.toHaveProperty('underWay');
  });

  it('whose worker is silent is shown again, without its estimate', async () => {
    await events.onStarted(scan.id);
    workshop.time.now += 60_000;
    await events.onProgress(scan.id, 0, { hostsDone: 3, hostsUp: 2, percent: 50, phase: 'ports' });
    await workshop.deliver();
    expect(shown()).toEqual([25, 'ports · 3 of 257 addresses done · 2 up · about 3 minutes left']);
    const chore = watchSilent({ ...workshop, wake: () => {} });
    const pass = async (ms: number) => {
      workshop.time.now += ms;
      await chore();
      await workshop.deliver();
    };
    await pass(60_000);
    expect(shown()?.[1]).toContain('about 3 minutes left');
    await pass(60_000);
    expect(shown()).toEqual([25, 'ports · 3 of 257 addresses done · 2 up · no word from a worker for 2 minutes']);
    await events.onProgress(scan.id, 0, { hostsDone: 4, hostsUp: 2, percent: 60, phase: 'ports' });
    await pass(5000);
    expect(shown()?.[1]).not.toContain('no word');
  });

  it('of a scan that is over is ignored', async () => {
    await events.onStarted(scan.id);
    await workshop.store.scans.transition(scan.id, ['running'], 'cancelled', { finishedAt: 2 });
    await workshop.store.scans.setProgress(scan.id, { hostsDone: 1, hostsUp: 1, chunksDone: 0 });
    await events.onProgress(scan.id, 0, { hostsDone: 9, hostsUp: 2, percent: 80 });
    expect(await now()).toMatchObject({ hostsDone: 1, hostsUp: 1 });
  });
});
