import type { Transaction } from 'sequelize';
import type { GroupChange, ScheduleChange } from '../../src/core/model/configuration.ts';
import type { PrincipalKey } from '../../src/core/model/principal.ts';
import type { ConfigurationStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { groupColumns, scheduleColumns } from './group-rows.ts';
import { existing, refuseTaken, saveRoute } from './group-store.ts';
import { windowRow } from './hold-rows.ts';
import { plain } from './rows.ts';
import type { Tables } from './tables/tables.ts';

export function createConfigurationStore({ tables, write }: Database): ConfigurationStore {
  return {
    apply: ({ groups, reports }, by, at) =>
      write(async (tx) => {
        const ids: number[] = [];
        for (const change of groups) {
          const groupId = await saveGroup(tables, change, { by, at }, tx);
          await saveParts(tables, change, groupId, tx);
          ids.push(groupId);
        }
        await saveSchedules(tables, reports, null, tx);
        return ids;
      }),
  };
}

async function saveGroup(
  tables: Tables,
  { groupId, spec, status }: GroupChange,
  { by, at }: { by: PrincipalKey; at: number },
  tx: Transaction,
): Promise<number> {
  await refuseTaken(tables, spec.name, groupId, tx);
  const row = { ...groupColumns(spec), status };
  if (groupId === undefined) return await tables.groups.insert({ ...row, created_by: by, created_at: at }, tx);
  await existing(tables, groupId, tx);
  await tables.groups.update(row, { id: groupId }, tx);
  return groupId;
}

async function saveParts(tables: Tables, change: GroupChange, groupId: number, tx: Transaction): Promise<void> {
  const { routes, windows } = tables;
  await saveSchedules(tables, change, groupId, tx);
  for (const channel of change.removeRoutes) {
    await routes.remove({ group_id: groupId, channel: plain(channel) }, tx);
  }
  for (const route of change.setRoutes) await saveRoute(tables, groupId, route, tx);
  for (const id of change.removeWindows) await windows.remove({ id, group_id: groupId }, tx);
  for (const window of change.addWindows) await windows.insert(windowRow({ ...window, groupId }), tx);
}

/** `groupId`: null for reports on all groups. */
async function saveSchedules(
  { schedules }: Tables,
  { addSchedules, editSchedules, removeSchedules }: ScheduleChange,
  groupId: number | null,
  tx: Transaction,
): Promise<void> {
  for (const id of removeSchedules) await schedules.remove({ id, group_id: groupId }, tx);
  for (const { id, status, now } of editSchedules) {
    await schedules.update({ status, last_due_at: now, active_since: now }, { id, group_id: groupId }, tx);
  }
  for (const schedule of addSchedules) {
    await schedules.insert({ ...scheduleColumns(schedule), group_id: groupId }, tx);
  }
}
