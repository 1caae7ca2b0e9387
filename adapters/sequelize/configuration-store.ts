import type { Transaction } from 'sequelize';
import type { GroupChange } from '../../src/core/model/configuration.ts';
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
    apply: (changes, by, at) =>
      write(async (tx) => {
        const ids: number[] = [];
        for (const change of changes) {
          const groupId = await saveGroup(tables, change, { by, at }, tx);
          await saveParts(tables, change, groupId, tx);
          ids.push(groupId);
        }
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
  const { schedules, routes, windows } = tables;
  for (const id of change.removeSchedules) await schedules.remove({ id, group_id: groupId }, tx);
  for (const { id, status, now } of change.editSchedules) {
    await schedules.update({ status, last_due_at: now, active_since: now }, { id, group_id: groupId }, tx);
  }
  for (const schedule of change.addSchedules) await schedules.insert(scheduleColumns({ ...schedule, groupId }), tx);
  for (const channel of change.removeRoutes) {
    await routes.remove({ group_id: groupId, channel: plain(channel) }, tx);
  }
  for (const route of change.setRoutes) await saveRoute(tables, groupId, route, tx);
  for (const id of change.removeWindows) await windows.remove({ id, group_id: groupId }, tx);
  for (const window of change.addWindows) await windows.insert(windowRow({ ...window, groupId }), tx);
}
