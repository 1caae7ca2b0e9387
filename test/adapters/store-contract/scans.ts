import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Scan } from '../../../src/core/model/scan.ts';
import type { Context } from '../store-contract.ts';
import { addGroup, commitOf, judgingScan, newScan, page, T0 } from './samples.ts';

const staged = (xml: string) => ({ xml: Buffer.from(xml), outcome: 'complete' as const });

export function scanFacts(given: () => Context): void {
  describe('scans', () => {
    test('a scan is read back as it was requested', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const wanted = newScan(id, { notes: ['connect scan: no raw sockets'], hostsTotal: 2 ** 64 });
      const { scan, added } = await store.scans.add(wanted);
      expect(added).toBe(true);
      const { chunks, ...asked } = wanted;
      const counters = { chunkCount: 2, chunksDone: 0, hostsDone: 0, hostsUp: 0, percent: 0 };
      expect(scan).toEqual({ ...asked, ...counters, id: scan.id, number: 1, status: 'queued' });
      expect(await store.scans.byId(scan.id)).toEqual(scan);
      expect(await store.scans.chunks(scan.id)).toEqual(chunks);
    });

    test('of many simultaneous requests one scan is queued and all get it', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const second = await reopen();
      const answers = await Promise.all([0, 1, 2, 3].map((n) => (n % 2 ? store : second).scans.add(newScan(id))));
      expect(answers.filter(({ added }) => added)).toHaveLength(1);
      expect(new Set(answers.map(({ scan }) => scan.id)).size).toBe(1);
      expect((await store.scans.list({ groupId: id }, page)).total).toBe(1);
    });

    test('one may be queued while another runs, and numbers count up within the group', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const first = await store.scans.add(newScan(id));
      await store.scans.transition(first.scan.id, ['queued'], 'running');
      const second = await store.scans.add(newScan(id));
      const third = await store.scans.add(newScan(id));
      expect([first, second, third].map(({ added }) => added)).toEqual([true, true, false]);
      expect([first, second, third].map(({ scan }) => scan.number)).toEqual([1, 2, 2]);
      const other = await addGroup(store, 'other');
      expect((await store.scans.add(newScan(other.id))).scan.number).toBe(1);
    });

    test('a confirmation has the number of its scan and blocks nothing', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const parent = await judgingScan(store, id);
      const confirmation = newScan(id, { kind: 'confirmation', parentId: parent.id });
      const one = await store.scans.add(confirmation);
      const two = await store.scans.add(confirmation);
      expect([one.added, two.added]).toEqual([true, true]);
      expect([one.scan.number, one.scan.parentId]).toEqual([parent.number, parent.id]);
      expect((await store.scans.add(newScan(id))).scan.number).toBe(2);
      await expect(store.scans.add(newScan(id, { kind: 'confirmation' }))).rejects.toThrow();
    });

    test('a scan of a group that is gone is refused', async () => {
      await expect(given().store.scans.add(newScan(99))).rejects.toThrow(UserError);
    });

    test('a status changes only from the expected one', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(id));
      const start = () => store.scans.transition(scan.id, ['queued'], 'running', { startedAt: T0 + 1 });
      expect((await Promise.all([start(), start()])).sort()).toEqual([false, true]);
      expect(await store.scans.transition(scan.id, ['queued', 'judging'], 'done')).toBe(false);
      const end = { finishedAt: T0 + 2, error: 'nmap: no such host' };
      expect(await store.scans.transition(scan.id, ['queued', 'running'], 'failed', end)).toBe(true);
      expect(await store.scans.byId(scan.id)).toMatchObject({ status: 'failed', startedAt: T0 + 1, ...end });
      expect(await store.scans.transition(scan.id + 1, ['queued'], 'running')).toBe(false);
    });

    test('the message of a scan is edited at its end, and not for a step in between', async () => {
      const { store } = given();
      const { scan } = await store.scans.add(newScan((await addGroup(store)).id));
      const id = await store.messages.want({ subject: { type: 'scan', scan: scan.id }, channel: 'slack:C1', at: T0 });
      const wanted = async () => (await store.messages.byId(id))?.wanted;
      await store.scans.transition(scan.id, ['queued'], 'running');
      expect(await wanted()).toBe(1);
      await store.scans.transition(scan.id, ['running'], 'failed', { finishedAt: T0 + 2 });
      await store.scans.transition(scan.id, ['running'], 'failed', { finishedAt: T0 + 2 });
      expect(await wanted()).toBe(2);
    });

    test('a judgement that a crash interrupted starts again, although nothing changes by that', async () => {
      const { store, reopen } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      const again = await reopen();
      expect(await again.scans.transition(scan.id, ['queued', 'running', 'judging'], 'judging')).toBe(true);
    });

    test('progress, notes and coverage are kept; a note is stored once', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(id));
      const underWay = { phases: ['ports'], step: 12, done: 40, at: 5 } as const;
      await store.scans.setProgress(scan.id, { hostsDone: 7, hostsUp: 3, chunksDone: 1, percent: 40, underWay });
      await Promise.all(['a', 'b', 'a'].map((note) => store.scans.addNote(scan.id, note)));
      expect(await store.scans.byId(scan.id)).toMatchObject({
        hostsDone: 7,
        hostsUp: 3,
        chunksDone: 1,
        percent: 40,
        underWay,
        notes: ['a', 'b'],
      });
      expect(await store.scans.coverage(scan.id)).toBeUndefined();
      const coverage = { addresses: [['10.0.0.0', '10.0.0.9']], ports: { udp: [[53, 53]] } } as const;
      await store.scans.setCoverage(scan.id, coverage);
      expect(await store.scans.coverage(scan.id)).toEqual(coverage);
    });

    test('lists are newest first, by page, by group, status and kind', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const other = await addGroup(store, 'other');
      const first = await judgingScan(store, id);
      const second = await judgingScan(store, id);
      const confirmation = await judgingScan(store, id, { kind: 'confirmation', parentId: first.id });
      await store.scans.add(newScan(other.id));
      const ids = async (filter: Parameters<typeof store.scans.list>[0], offset = 0) => {
        const found = await store.scans.list(filter, { limit: 2, offset });
        return [found.total, ...found.items.map((scan) => scan.id)];
      };
      expect(await ids({ groupId: id })).toEqual([3, confirmation.id, second.id]);
      expect(await ids({ groupId: id }, 2)).toEqual([3, first.id]);
      expect(await ids({ groupId: id, kind: 'scan' })).toEqual([2, second.id, first.id]);
      expect((await ids({ statuses: ['queued', 'running'] }))[0]).toBe(1);
      expect(await ids({ statuses: [] })).toEqual([0]);
    });
  });

  describe('chunks', () => {
    test('only a newer attempt replaces a staged one', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(id));
      const xml = Buffer.from([0, 255, 39, 13, 10, 0]);
      expect(await store.scans.stageChunk(scan.id, 1, 2, { xml, outcome: 'interrupted', error: 'killed' })).toBe(true);
      expect(await store.scans.stageChunk(scan.id, 1, 2, staged('same'))).toBe(false);
      expect(await store.scans.stageChunk(scan.id, 1, 1, staged('late'))).toBe(false);
      expect(await store.scans.stageChunk(scan.id, 0, 1, staged('other chunk'))).toBe(true);
      expect(await store.scans.staged(scan.id)).toEqual([
        { chunk: 0, attempt: 1, ...staged('other chunk') },
        { chunk: 1, attempt: 2, xml, outcome: 'interrupted', error: 'killed' },
      ]);
      expect(await store.scans.endedChunks(scan.id)).toEqual([
        { chunk: 0, outcome: 'complete' },
        { chunk: 1, outcome: 'interrupted' },
      ]);
      expect(await store.scans.stageChunk(scan.id, 1, 3, staged('newer'))).toBe(true);
      expect((await store.scans.staged(scan.id))[1]).toEqual({ chunk: 1, attempt: 3, ...staged('newer') });
    });

    test('keep what was identified, and that nothing was', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const { scan } = await store.scans.add(newScan(id));
      const identified = [{ address: '10.0.0.1', tcp: '22,80-90' }];
      await store.scans.stageChunk(scan.id, 0, 1, { ...staged('some'), identified });
      await store.scans.stageChunk(scan.id, 1, 1, { ...staged('none'), identified: [] });
      expect((await store.scans.staged(scan.id)).map((one) => one.identified)).toEqual([identified, []]);
    });

    test('a judged scan stays as it was judged', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scan = await judgingScan(store, id);
      await store.deltas.commit(commitOf(scan));
      expect(await store.scans.stageChunk(scan.id, 0, 9, staged('late'))).toBe(false);
      expect(await store.scans.stageChunk(scan.id + 1, 0, 1, staged('no scan'))).toBe(false);
    });

    test('retention deletes the detail of old scans and keeps their rows, coverage and unfinished scans', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scans: Scan[] = [];
      for (let n = 0; n < 4; n++) {
        const scan = await judgingScan(store, id);
        await store.scans.stageChunk(scan.id, 0, 1, staged(`scan ${n}`));
        const kind = { kind: 'confirmation', parentId: scan.id } as const;
        const confirmation = await judgingScan(store, id, kind);
        await store.scans.stageChunk(confirmation.id, 0, 1, staged(`confirmation ${n}`));
        await store.deltas.commit(commitOf(scan));
        if (n !== 1) await store.deltas.commit(commitOf(confirmation));
        scans.push(scan, confirmation);
      }
      expect(await store.scans.prune(id, 2)).toBe(3);
      const left = await Promise.all(scans.map(async (scan) => (await store.scans.staged(scan.id)).length));
      expect(left).toEqual([0, 0, 0, 1, 1, 1, 1, 1]);
      expect(await store.scans.chunks(scans[0]?.id ?? 0)).toEqual([]);
      expect(await store.scans.coverage(scans[0]?.id ?? 0)).toEqual(commitOf(scans[0] as never).coverage);
      expect((await store.scans.list({ groupId: id }, page)).total).toBe(8);
      expect(await store.scans.prune(id, 2)).toBe(0);
      expect(await store.scans.prune(id, 0)).toBe(4);
    });

    test('scans older than a time lose their detail, oldest first, but not the newest of their group', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const scans: Scan[] = [];
      for (let n = 0; n < 4; n++) {
        const scan = await judgingScan(store, id);
        await store.scans.stageChunk(scan.id, 0, 1, staged(`scan ${n}`));
        await store.deltas.commit({ ...commitOf(scan), finishedAt: T0 + n });
        scans.push(scan);
      }
      const left = () => Promise.all(scans.map(async (scan) => (await store.scans.staged(scan.id)).length));
      expect(await store.scans.pruneBefore(T0, 10)).toBe(0);
      expect(await store.scans.pruneBefore(T0 + 2, 1)).toBe(1);
      expect(await left()).toEqual([0, 1, 1, 1]);
      expect(await store.scans.pruneBefore(T0 + 2, 10)).toBe(1);
      expect(await store.scans.pruneBefore(T0 + 1_000_000, 10)).toBe(1);
      expect(await left()).toEqual([0, 0, 0, 1]);
      expect((await store.scans.list({ groupId: id }, page)).total).toBe(4);
      expect(await store.scans.coverage(scans[0]?.id ?? 0)).toEqual(commitOf(scans[0] as never).coverage);
    });
  });
}
