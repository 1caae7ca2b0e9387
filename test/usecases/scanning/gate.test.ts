import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../src/core/model/group.ts';
import type { Pass } from '../../../src/core/model/judgement.ts';
import type { Queue, QueuedScan } from '../../../src/ports/queue.ts';
import { planConfirmation } from '../../../src/usecases/judging/confirm-doubts.ts';
import { passBaseline } from '../../../src/usecases/judging/pass-baseline.ts';
import { recheckDeltas } from '../../../src/usecases/judging/recheck-deltas.ts';
import { followConfiguration, followEdit } from '../../../src/usecases/scanning/follow-edit.ts';
import { requestScan, startNext } from '../../../src/usecases/scanning/request-scan.ts';
import { openWorkshop, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let queued: QueuedScan[];
let cancelled: number[];
let names: Record<string, string[]>;
beforeEach(async () => {
  workshop = await openWorkshop();
  queued = [];
  cancelled = [];
  names = {};
});
afterEach(() => workshop.close());

const queue: Queue = {
  addScan: async (scan) => void queued.push(scan),
  retarget: async (scan) => void queued.push(scan),
  cancelScan: async (id) => void cancelled.push(id),
  scans: async () => [],
  dropScan: async () => undefined,
  hasScan: async (id) => queued.some((scan) => scan.scanId === id),
  stats: async () => ({ sites: [] }),
};
const deps = (allowed = ['10.0.0.0/8']) => ({
  ...workshop,
  queue,
  resolver: { resolve: async (name: string) => names[name] ?? [] },
  allowed,
  wake: () => {},
});
const origin = { type: 'command', by: 'console:local', channel: 'console:main' } as const;
const rangesOf = (scan: QueuedScan | undefined) => scan?.chunks.flatMap((chunk) => chunk.ranges);

async function edited(group: Group, change: Partial<Group>): Promise<Group> {
  const { id, status: _status, createdBy: _by, createdAt: _at, ...spec } = { ...group, ...change };
  return workshop.store.groups.edit(id, spec);
}

describe('an address that is excluded after a scan was requested', () => {
  it('is not scanned by the scan that waited for another to end', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    const first = await requestScan(deps(), { group, origin });
    await workshop.store.scans.transition(first.scan.id, ['queued'], 'running', { startedAt: 1 });
    const second = await requestScan(deps(), { group, origin });
    await edited(group, { exclude: ['10.0.0.2'] });
    await workshop.store.scans.transition(first.scan.id, ['running'], 'done', { finishedAt: 2 });
    await startNext(deps(), group.id);
    expect(queued.at(-1)?.scanId).toBe(second.scan.id);
    expect(rangesOf(queued.at(-1))).toEqual([
      ['10.0.0.0', '10.0.0.1'],
      ['10.0.0.3', '10.0.0.3'],
    ]);
  });

  it('is taken out of queued and running scans by the edit, and the edit says so', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    const { scan } = await requestScan(deps(), { group, origin });
    await workshop.store.scans.transition(scan.id, ['queued'], 'running', { startedAt: 1 });
    const now = await edited(group, { exclude: ['10.0.0.2'] });
    const followed = await followEdit(deps(), now, 'console:local');
    expect(followed.trimmed.map((one) => [one.scan.id, one.addresses])).toEqual([[scan.id, 1n]]);
    expect(rangesOf(queued.at(-1))).not.toContainEqual(['10.0.0.0', '10.0.0.3']);
    const stored = await workshop.store.scans.byId(scan.id);
    expect(stored?.hostsTotal).toBe(3);
    expect(stored?.notes).toContain('1 address is no longer a target: not asked');
  });

  it('cancels a planned confirmation that was about it alone', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    const scan = await workshop.judged(group, []);
    const plan = { owner: scan.id, group, scan, pairs: [{ address: '10.0.0.2', port: 80 }], delayMs: 60_000 };
    const planned = await planConfirmation(deps(), plan);
    const now = await edited(group, { exclude: ['10.0.0.2'] });
    const followed = await followEdit(deps(), now, 'console:local');
    expect(followed.cancelled.map((one) => one.id)).toEqual([planned.id]);
    expect((await workshop.store.scans.byId(planned.id))?.status).toBe('cancelled');
    expect(cancelled).toEqual([planned.id]);
  });

  it('is taken out of a repeat of the baseline, and of those that are planned after the edit', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    const scan = await workshop.judged(group, []);
    const passes: Pass[] = [{ addresses: [['10.0.0.0', '10.0.0.3']], ports: { tcp: [[22, 80]] }, up: false }];
    const planning = { ...deps(), delaysMs: [1_000], random: () => 0 };
    await passBaseline(planning, scan, group, { passes });
    expect(rangesOf(queued.at(-1))).toEqual([['10.0.0.0', '10.0.0.3']]);
    const now = await edited(group, { exclude: ['10.0.0.2'] });
    await followEdit(deps(), now, 'console:local');
    const left = [
      ['10.0.0.0', '10.0.0.1'],
      ['10.0.0.3', '10.0.0.3'],
    ];
    expect(rangesOf(queued.at(-1))).toEqual(left);
    const [planned] = queued;
    const first = await workshop.store.scans.byId(planned?.scanId ?? 0);
    if (first === undefined) throw new Error('no pass was planned');
    // Judged by the group as it was when its judging began.
    await passBaseline(planning, first, group, { passes });
    expect(queued).toHaveLength(3);
    expect(rangesOf(queued.at(-1))).toEqual(left);
  });

  it('is taken out of a confirmation from another site, at that site', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'], confirmSite: 'dmz' });
    const scan = await workshop.judged(group, []);
    const stats: Queue['stats'] = async () => ({
      sites: [{ site: 'dmz', workers: 1, waiting: 0, active: 0, delayed: 0 }],
    });
    const pairs = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, port: 80 }));
    const planned = await planConfirmation(
      { ...deps(), queue: { ...queue, stats } },
      { owner: scan.id, group, scan, pairs, delayMs: 60_000 },
    );
    const now = await edited(group, { exclude: ['10.0.0.2'] });
    await followEdit(deps(), now, 'console:local');
    expect(queued.map(({ scanId, site }) => [scanId, site])).toEqual([
      [planned.id, 'dmz'],
      [planned.id, 'dmz'],
    ]);
    expect(rangesOf(queued.at(-1))).toEqual([['10.0.0.1', '10.0.0.1']]);
  });

  it('is taken out by an edit that comes between the gate and the queue', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    let edits = 0;
    const slow: Queue = {
      ...queue,
      addScan: async (scan) => {
        edits += 1;
        const now = await edited(group, { exclude: ['10.0.0.2'] });
        // The queue does not know it yet.
        await followEdit({ ...deps(), queue: { ...queue, retarget: async () => {} } }, now, 'console:local');
        queued.push(scan);
      },
    };
    const { scan } = await requestScan({ ...deps(), queue: slow }, { group, origin });
    expect(edits).toBe(1);
    expect(queued.map(({ scanId }) => scanId)).toEqual([scan.id, scan.id]);
    expect(rangesOf(queued.at(-1))).toEqual([
      ['10.0.0.0', '10.0.0.1'],
      ['10.0.0.3', '10.0.0.3'],
    ]);
  });

  it('is not scanned by a recheck, which is refused with the reason', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.2', 80)]);
    const { items } = await workshop.store.deltas.list({ groupId: group.id }, { limit: 1, offset: 0 });
    await edited(group, { exclude: ['10.0.0.2'] });
    const request = { deltaIds: items.map((delta) => delta.id), by: 'console:local' };
    await expect(recheckDeltas(deps(), request)).rejects.toThrow('none of its addresses is a target any more');
    expect(queued).toEqual([]);
  });
});

describe('the gate', () => {
  it('follows a narrowed list of allowed networks after a restart', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30', '10.1.0.0/30'] });
    await requestScan(deps(), { group, origin });
    await followConfiguration(deps(['10.1.0.0/16']), 'netdelta:start');
    expect(rangesOf(queued.at(-1))).toEqual([['10.1.0.0', '10.1.0.3']]);
  });

  it('lets no host name widen what is allowed, wherever it resolves later', async () => {
    const group = await workshop.addGroup({ targets: ['web.example'] });
    names['web.example'] = ['10.0.0.5'];
    const { scan } = await requestScan(deps(), { group, origin });
    names['web.example'] = ['8.8.8.8'];
    await startNext(deps(), group.id);
    expect(rangesOf(queued.at(-1))).toEqual([['10.0.0.5', '10.0.0.5']]);
    expect((await workshop.store.scans.byId(scan.id))?.status).toBe('queued');
  });

  it('stops a scan when an excluded name does not resolve: its addresses might be scanned', async () => {
    names['plc.example'] = ['10.0.0.2'];
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'], exclude: ['plc.example'] });
    const { scan } = await requestScan(deps(), { group, origin });
    names = {};
    queued = [];
    await startNext(deps(), group.id);
    expect(queued).toEqual([]);
    expect(await workshop.store.scans.byId(scan.id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('plc.example does not resolve'),
    });
  });

  it('lets a paused group start nothing, including a recheck', async () => {
    const group = await workshop.addGroup({ targets: ['10.0.0.0/30'] });
    const scan = await workshop.judged(group, [serviceDelta('service-added', '10.0.0.2', 80)]);
    const { items } = await workshop.store.deltas.list({ groupId: group.id }, { limit: 1, offset: 0 });
    await workshop.store.groups.setStatus(group.id, 'paused');
    const paused = (await workshop.store.groups.byId(group.id)) ?? group;
    const request = { deltaIds: items.map((delta) => delta.id), by: 'console:local' };
    await expect(recheckDeltas(deps(), request)).rejects.toThrow('is paused');
    const plan = { owner: scan.id, scan, pairs: [{ address: '10.0.0.2', port: 80 }], delayMs: 0 };
    const planned = await planConfirmation(deps(), { ...plan, group: paused });
    expect(planned).toMatchObject({ status: 'cancelled', error: 'its group is paused' });
    expect(queued).toEqual([]);
  });
});
