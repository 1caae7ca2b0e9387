import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Group } from '../../../src/core/model/group.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import type { QueueStats } from '../../../src/ports/queue.ts';
import { watchOverdue } from '../../../src/usecases/schedules/watch-overdue.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let workshop: Workshop;
let workers: number | undefined;
let watch: () => Promise<void>;
beforeEach(async () => {
  workshop = await openWorkshop();
  workers = 1;
  watch = watchOverdue({ ...workshop, queue, wake: () => undefined });
});
afterEach(() => workshop.close());

const queue = {
  stats: async (): Promise<QueueStats> => {
    if (workers === undefined) throw new Error('no answer');
    return { sites: [{ site: 'local', workers, waiting: 0, active: 0, delayed: 0 }] };
  },
};

async function hourly(): Promise<Group> {
  const group = await workshop.addGroup();
  const createdAt = workshop.time.now;
  await workshop.store.schedules.add({
    ...{ groupId: group.id, phrase: 'every 1h', when: parseWhen('every 1h', 'UTC', createdAt), zone: 'UTC' },
    ...{ status: 'active', createdBy: 'console:local', createdAt },
  });
  return group;
}

/** The notices at that time, after the start. */
async function saidAfter(ms: number): Promise<string[]> {
  const before = workshop.board.posted.length;
  workshop.time.now = start() + ms;
  await watch();
  await workshop.deliver();
  return workshop.board.posted.slice(before).map(({ card }) => `${card.title} ${JSON.stringify(card.sections)}`);
}
const start = () => Date.UTC(2026, 10, 24, 12);

async function scanned(group: Group, at: number): Promise<void> {
  const scan = await workshop.addScan(group);
  await workshop.store.scans.transition(scan.id, ['queued', 'running'], 'judging', { startedAt: start() + at });
  await workshop.store.scans.transition(scan.id, ['judging'], 'done', { finishedAt: start() + at + MINUTE });
}

describe('a group whose scan does not begin', () => {
  it('is looked for in its scans once after each due time, not every ten seconds', async () => {
    const group = await hourly();
    let looks = 0;
    const { scans } = workshop.store;
    const list: typeof scans.list = (...asked) => {
      looks += 1;
      return scans.list(...asked);
    };
    watch = watchOverdue({ ...workshop, store: { ...workshop.store, scans: { ...scans, list } }, queue, wake() {} });
    await scanned(group, HOUR);
    for (const minutes of [4, 7, 20, 50]) expect(await saidAfter(HOUR + minutes * MINUTE)).toEqual([]);
    expect(looks).toBe(1);
    expect((await saidAfter(2 * HOUR + 7 * MINUTE)).join()).toContain('lab: not scanned on time');
  });

  it('is reported once, with the reason, and so is its end', async () => {
    const group = await hourly();
    expect(await saidAfter(HOUR + 5 * MINUTE)).toEqual([]);
    workers = 0;
    const [said, ...more] = await saidAfter(HOUR + 6 * MINUTE);
    expect(said).toContain('lab: not scanned on time');
    expect(said).toMatch(/never been scanned.*, because no worker serves its site local/);
    expect(more).toEqual([]);
    expect(await saidAfter(HOUR + 30 * MINUTE)).toEqual([]);
    await scanned(group, HOUR + 31 * MINUTE);
    expect((await saidAfter(HOUR + 32 * MINUTE)).join()).toContain('lab: scanned on time again');
    expect(await saidAfter(HOUR + 33 * MINUTE)).toEqual([]);
  });

  it('is not over because the next run is due, too', async () => {
    await hourly();
    workers = 0;
    expect(await saidAfter(HOUR + 6 * MINUTE)).toHaveLength(1);
    for (const minutes of [60, 62, 66, 119, 122, 130]) expect(await saidAfter(HOUR + minutes * MINUTE)).toEqual([]);
  });

  it('is reported although an earlier scan was still running when it was due', async () => {
    const group = await hourly();
    await scanned(group, HOUR);
    workshop.time.now = start() + HOUR + 30 * MINUTE;
    const { id } = await workshop.addScan(group);
    expect(await saidAfter(2 * HOUR + 7 * MINUTE)).toEqual([]);
    await workshop.store.scans.transition(id, ['running'], 'judging');
    await workshop.store.scans.transition(id, ['judging'], 'done', { finishedAt: start() + 2 * HOUR + 10 * MINUTE });
    expect((await saidAfter(2 * HOUR + 20 * MINUTE)).join()).toContain('lab: not scanned on time');
  });

  it('has not been scanned since the last one that was judged', async () => {
    const group = await hourly();
    await scanned(group, HOUR);
    workers = undefined;
    const [said] = await saidAfter(2 * HOUR + 7 * MINUTE);
    expect(said).toContain('lab has not been scanned since ');
    expect(said).toContain('because the queue (Redis) does not answer');
  });

  it('is not reported while a scan runs, but when two runs have passed without a judged one', async () => {
    const group = await hourly();
    workshop.time.now = start() + HOUR;
    const scan = await workshop.addScan(group);
    expect(await saidAfter(HOUR + 30 * MINUTE)).toEqual([]);
    const [said] = await saidAfter(2 * HOUR + 7 * MINUTE);
    expect(said).toContain(`because scan #${scan.id} is still running`);
  });

  it('is not reported when it is paused, just resumed, or scanned by hand', async () => {
    const group = await hourly();
    await workshop.store.groups.setStatus(group.id, 'paused');
    expect(await saidAfter(10 * HOUR + 7 * MINUTE)).toEqual([]);
    await workshop.store.groups.setStatus(group.id, 'active');
    const [schedule] = await workshop.store.schedules.list();
    await workshop.store.schedules.edit(schedule?.id ?? 0, { activeSince: start() + 10 * HOUR + 7 * MINUTE });
    expect(await saidAfter(10 * HOUR + 8 * MINUTE)).toEqual([]);
    await scanned(group, 11 * HOUR + MINUTE);
    expect(await saidAfter(11 * HOUR + 10 * MINUTE)).toEqual([]);
  });
});
