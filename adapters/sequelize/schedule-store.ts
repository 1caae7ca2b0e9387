import { UserError } from '../../src/core/errors.ts';
import type { ScheduleStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { scheduleColumns, toSchedule } from './group-rows.ts';

export function createScheduleStore({ tables, read, write }: Database): ScheduleStore {
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
        if (row === undefined) throw new UserError(`there is no schedule ${id}`, { hint: 'see schedule list' });
        return toSchedule(row);
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
