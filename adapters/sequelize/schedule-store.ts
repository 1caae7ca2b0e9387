import { defined } from '../../src/core/defined.ts';
import { UserError } from '../../src/core/errors.ts';
import type { ScheduleStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { scheduleColumns, toSchedule } from './group-rows.ts';
import { recordEvent } from './record-event.ts';
import { wantMessage } from './want-message.ts';

export function createScheduleStore(database: Database): ScheduleStore {
  const { tables, read, write } = database;
  const { schedules } = tables;
  return {
    add: (schedule) =>
      write(async (tx) => {
        const id = await schedules.insert(scheduleColumns(schedule), tx);
        return { ...schedule, id };
      }),
    edit: (id, change) =>
      write(async (tx) => {
        await schedules.update(scheduleColumns(change), { id }, tx);
        const row = await schedules.first({ where: { id } }, tx);
        if (row === undefined)
          throw new UserError(`There is no schedule ${id}.`, { hint: '`schedule list` shows those there are.' });
        return toSchedule(row);
      }),
    sendReport: ({ id, groupId, lastDueAt = null }, { dueAt, at, report: { format, periodMs, to }, channels }) =>
      write(async (tx) => {
        const noted = await schedules.update({ last_due_at: dueAt }, { id, last_due_at: lastDueAt }, tx);
        if (noted === 0) return false;
        const from = at - periodMs;
        if (groupId !== undefined && to === undefined)
          await recordEvent(tables, { type: 'report', groupId, at, since: from, format, deltaIds: [] }, tx);
        const about = { schedule: id, format, from, to: at, ...defined({ group: groupId }) };
        const subject = { type: 'report' as const, ...about };
        for (const channel of channels) await wantMessage(tables, { subject, channel, at }, tx);
        return true;
      }),
    remove: (id) =>
      write(async (tx) => {
        await schedules.remove({ id }, tx);
      }),
    byId: (id) =>
      read(async () => {
        const row = await schedules.first({ where: { id } });
        return row === undefined ? undefined : toSchedule(row);
      }),
    list: (groupId) =>
      read(async () => {
        const where = groupId === undefined ? {} : { group_id: groupId };
        return (await schedules.find({ where, order: [['id', 'ASC']] })).map(toSchedule);
      }),
  };
}
