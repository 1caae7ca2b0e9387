import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import type { Schedule } from '../../../src/core/model/schedule.ts';
import type { Context } from '../store-contract.ts';
import { ADMIN, addGroup, commitOf, host, newScan, page, service, spec, T0, tell } from './samples.ts';

const schedule = (groupId: number): Omit<Schedule, 'id'> => ({
  groupId,
  phrase: 'weekdays 18:30',
  when: { type: 'cron', expression: '30 18 * * 1-5', zone: 'Europe/Berlin' },
  zone: 'Europe/Berlin',
  status: 'active',
  createdBy: ADMIN,
  createdAt: T0,
});

export function groupFacts(given: () => Context): void {
  describe('groups', () => {
    test('a group is read back as it was defined', async () => {
      const { store } = given();
      const whole = spec('Büro "Ost" \'); DROP TABLE groups; --', {
        ports: '22,80,U:53',
        channel: 'slack:C0123',
        notify: { who: 'slack:S9', from: 'high' },
        maxRate: 100,
        description: 'zweiter Stock 🖨',
      });
      const added = await store.groups.add(whole, ADMIN, T0);
      expect(added).toEqual({ ...whole, id: added.id, status: 'active', createdBy: ADMIN, createdAt: T0 });
      expect(await store.groups.byId(added.id)).toEqual(added);
      expect(await store.groups.list()).toEqual([added]);
    });

    test('a configuration is applied completely or not at all', async () => {
      const { store } = given();
      const lab = await addGroup(store, 'lab');
      const same = { addSchedules: [], editSchedules: [], removeSchedules: [], setRoutes: [], removeRoutes: [] };
      const nothing = { ...same, addWindows: [], removeWindows: [], status: 'active' as const };
      const { groupId: _, ...nightly } = schedule(lab.id);
      const route = { channel: 'email:noc@example.com', minRisk: 'high' as const };
      const edit = { ...nothing, groupId: lab.id, spec: spec('lab', { description: 'new' }), addSchedules: [nightly] };
      const taken = { ...nothing, spec: spec('LAB') };
      const unchanged = { addSchedules: [], editSchedules: [], removeSchedules: [] };
      const weekly = {
        ...nightly,
        report: { format: 'png' as const, periodMs: 604_800_000, to: 'email:noc@example.com' },
      };
      const reports = { ...unchanged, addSchedules: [weekly] };
      const wrong = { groups: [edit, taken], reports };
      await expect(store.configuration.apply(wrong, ADMIN, T0)).rejects.toThrow(UserError);
      expect(await store.groups.list()).toEqual([lab]);
      expect(await store.schedules.list()).toEqual([]);
      const added = { ...nothing, spec: spec('other'), setRoutes: [route] };
      const [, otherId = 0] = await store.configuration.apply({ groups: [edit, added], reports }, ADMIN, T0);
      expect(await store.groups.byName('lab')).toMatchObject({ id: lab.id, description: 'new' });
      const [scan, report] = await store.schedules.list();
      expect(scan).toMatchObject({ groupId: lab.id, phrase: 'weekdays 18:30' });
      expect(report).toEqual({ ...weekly, id: report?.id });
      expect(await store.groups.routes(otherId)).toEqual([route]);
      const undone = {
        ...added,
        groupId: otherId,
        setRoutes: [],
        removeRoutes: [route.channel],
        status: 'paused' as const,
      };
      const all = [scan?.id ?? 0, report?.id ?? 0];
      const paused = all.map((id) => ({ id, status: 'paused' as const, now: T0 + 1 }));
      await store.configuration.apply({ groups: [], reports: { ...unchanged, editSchedules: paused } }, ADMIN, T0);
      expect((await store.schedules.list()).map(({ status }) => status)).toEqual(['active', 'paused']);
      const ended = { ...unchanged, removeSchedules: all };
      await store.configuration.apply({ groups: [undone], reports: ended }, ADMIN, T0);
      // A schedule of a group is none of the reports on all.
      expect(await store.schedules.list()).toEqual([scan]);
      expect(await store.groups.routes(otherId)).toEqual([]);
      expect(await store.groups.byId(otherId)).toMatchObject({ status: 'paused' });
    });

    test('a name is found without regard to case, and can be taken once', async () => {
      const { store } = given();
      const lab = await addGroup(store, 'Größe');
      expect((await store.groups.byName('GRÖßE'))?.id).toBe(lab.id);
      await expect(addGroup(store, 'größe')).rejects.toThrow(UserError);
      const other = await addGroup(store, 'other');
      await expect(store.groups.edit(other.id, spec('GRÖßE'))).rejects.toThrow(UserError);
      expect((await store.groups.edit(lab.id, spec('GRÖßE'))).name).toBe('GRÖßE');
    });

    test('of two simultaneous groups with the same name one succeeds', async () => {
      const { store, reopen } = given();
      const second = await reopen();
      const results = await Promise.allSettled([addGroup(store), addGroup(second), addGroup(store, 'LAB')]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.groups.list()).toHaveLength(1);
    });

    test('a name with text that no database accepts is not found', async () => {
      const { store } = given();
      for (const name of ['', '\0', 'a\0b', "'", '\ud800', '%', 'x'.repeat(100_000)]) {
        expect(await store.groups.byName(name)).toBeUndefined();
      }
    });

    test('an edit replaces the whole definition, and pausing leaves it alone', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      await store.groups.setStatus(id, 'paused');
      const edited = await store.groups.edit(id, spec('lab2', { targets: ['192.168.0.1'] }));
      expect(edited).toMatchObject({ name: 'lab2', status: 'paused', targets: ['192.168.0.1'], createdAt: T0 });
      await expect(store.groups.edit(id + 1, spec('lab3'))).rejects.toThrow(UserError);
    });

    test('routes are a set, in the order in which they were added', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      for (const channel of ['slack:C2', 'discord:1', 'slack:C2']) await store.groups.setRoute(id, { channel });
      expect(await store.groups.routes(id)).toEqual([{ channel: 'slack:C2' }, { channel: 'discord:1' }]);
      expect(await store.groups.removeRoute(id, 'slack:C2')).toBe(true);
      expect(await store.groups.removeRoute(id, 'slack:C2')).toBe(false);
      expect(await store.groups.routes(id)).toEqual([{ channel: 'discord:1' }]);
      const filtered = { channel: 'discord:1', kinds: ['host-down' as const], minRisk: 'high' as const };
      await store.groups.setRoute(id, filtered);
      expect(await store.groups.routes(id)).toEqual([filtered]);
      await expect(store.groups.setRoute(id + 1, { channel: 'slack:C2' })).rejects.toThrow(UserError);
    });

    test('everything of a group is deleted with it, the audit stays, and no id is reused', async () => {
      const { store } = given();
      const { id } = await addGroup(store);
      const kept = await addGroup(store, 'kept');
      const { alertId, scan } = await tell(store, id, ['10.0.0.1']);
      const keptTold = await tell(store, kept.id, ['10.0.0.1']);
      for (const alert of [alertId, keptTold.alertId]) {
        await store.messages.want({ subject: { type: 'alert', alert }, channel: 'console:main', at: T0 });
      }
      await store.schedules.add(schedule(id));
      await store.groups.setRoute(id, { channel: 'slack:C1' });
      const next = await store.scans.add(newScan(id));
      await store.scans.stageChunk(next.scan.id, 0, 1, { xml: Buffer.from('x'), outcome: 'complete' });
      await store.scans.transition(next.scan.id, ['queued'], 'judging');
      const hosts = [host('10.0.0.1', { services: [service(22)] })];
      await store.deltas.commit(commitOf(next.scan, { hosts, firstDetermined: [{ address: '10.0.0.1' }] }));
      const who = { at: T0, who: ADMIN, name: 'me', channel: 'console:main' };
      await store.audit.add({ ...who, request: 'group remove lab', outcome: 'ok' });

      await store.groups.remove(id);
      expect(await store.groups.byId(id)).toBeUndefined();
      expect(await store.scans.byId(scan.id)).toBeUndefined();
      expect(await store.scans.staged(next.scan.id)).toEqual([]);
      expect(await store.schedules.list()).toEqual([]);
      expect((await store.states.load(id)).hosts.size).toBe(0);
      expect(await store.states.firstDetermined(id)).toEqual([]);
      expect((await store.deltas.list({}, page)).items.map((delta) => delta.groupId)).toEqual([kept.id]);
      expect(await store.messages.countPending(T0)).toBe(1);
      expect((await store.audit.list({}, page)).total).toBe(1);
      expect((await addGroup(store)).id).toBeGreaterThan(kept.id);
    });
  });

  describe('schedules', () => {
    test('a schedule is read back as it was, and can be changed in part', async () => {
      const { store } = given();
      const { id: groupId } = await addGroup(store);
      const added = await store.schedules.add(schedule(groupId));
      expect(added).toEqual({ ...schedule(groupId), id: added.id });
      expect(await store.schedules.byId(added.id)).toEqual(added);
      const change = { when: { type: 'every', ms: 60_000, anchor: T0 }, profile: 'quick', lastDueAt: T0 } as const;
      expect(await store.schedules.edit(added.id, change)).toEqual({ ...added, ...change });
      expect(await store.schedules.list(groupId)).toEqual([{ ...added, ...change }]);
      expect(await store.schedules.list(groupId + 1)).toEqual([]);
      await store.schedules.remove(added.id);
      expect(await store.schedules.byId(added.id)).toBeUndefined();
      await expect(store.schedules.edit(added.id, { status: 'paused' })).rejects.toThrow(UserError);
    });

    test('a report on all groups belongs to none, and outlives them', async () => {
      const { store } = given();
      const { id: gone } = await addGroup(store);
      const report = { format: 'png', periodMs: 86_400_000, to: 'slack:C0123' } as const;
      const { groupId: _, ...wanted } = { ...schedule(gone), report };
      const added = await store.schedules.add(wanted);
      expect(await store.schedules.byId(added.id)).toEqual({ ...wanted, id: added.id });
      expect(await store.schedules.list(gone)).toEqual([]);
      const run = { dueAt: T0 + 1_000, at: T0 + 2_000, report, channels: ['slack:C0123'] };
      expect(await store.schedules.sendReport(added, run)).toBe(true);
      expect(await store.events.undispatched(9)).toEqual([]);
      await store.groups.remove(gone);
      expect(await store.schedules.list()).toHaveLength(1);
      const [message] = await store.messages.claim({ now: T0 + 3_000, leaseMs: 1, platforms: ['slack'], limit: 5 });
      expect(message?.subject).toEqual({
        ...{ type: 'report', schedule: added.id, format: 'png', from: T0 + 2_000 - 86_400_000, to: T0 + 2_000 },
      });
    });

    test('a report is sent once for each due time, to chats and as an event, and recorded', async () => {
      const { store } = given();
      const { id: groupId } = await addGroup(store);
      const report = { format: 'png', periodMs: 86_400_000 } as const;
      const added = await store.schedules.add({ ...schedule(groupId), report });
      expect(await store.schedules.byId(added.id)).toEqual({ ...schedule(groupId), report, id: added.id });
      const run = { dueAt: T0 + 1_000, at: T0 + 2_000, report, channels: ['slack:C0123', 'discord:80351110224678912'] };
      expect(await store.schedules.sendReport(added, run)).toBe(true);
      expect(await store.schedules.sendReport(added, run)).toBe(false);
      const [event, second] = await store.events.undispatched(9);
      const since = T0 + 2_000 - 86_400_000;
      expect(event).toMatchObject({ type: 'report', groupId, at: T0 + 2_000, since, format: 'png' });
      expect(second).toBeUndefined();
      const claimed = await store.messages.claim({
        ...{ now: T0 + 3_000, leaseMs: 1_000, platforms: ['slack', 'discord'], limit: 9 },
      });
      const subject = {
        type: 'report',
        group: groupId,
        schedule: added.id,
        format: 'png',
        from: since,
        to: T0 + 2_000,
      };
      expect(claimed.map((message) => message.subject)).toEqual([subject, subject]);
      const after = await store.schedules.byId(added.id);
      expect(after?.lastDueAt).toBe(T0 + 1_000);
      const next = { ...run, dueAt: T0 + 5_000 };
      expect(after !== undefined && (await store.schedules.sendReport(after, next))).toBe(true);
    });

    test('a schedule for a group that is gone is refused', async () => {
      const { store } = given();
      await expect(store.schedules.add(schedule(7))).rejects.toThrow(UserError);
    });
  });
}
