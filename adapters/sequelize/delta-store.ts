import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Delta } from '../../src/core/model/alert.ts';
import type { DeltaFilter, DeltaStore } from '../../src/ports/store.ts';
import { createAnswers } from './answers.ts';
import { commitJudgement } from './commit-judgement.ts';
import type { Database } from './database.ts';
import { toAlert, toDelta } from './delta-rows.ts';
import { createCounts } from './open-items.ts';
import { createReleases } from './releases.ts';
import { createReminders } from './reminders.ts';
import { batches, nonNull, plain } from './rows.ts';
import type { DeltaRow } from './tables/delta-tables.ts';

const KEYS_A_BATCH = 500;

export function createDeltaStore(database: Database): DeltaStore {
  const { tables, read, write } = database;
  const { deltas, alerts } = tables;
  return {
    ...createAnswers(database),
    ...createReminders(database),
    commit: (commit) => write((tx) => commitJudgement(database, commit, tx)),
    byId: (id) =>
      read(async () => {
        const row = await deltas.first({ where: { id } });
        return row === undefined ? undefined : toDelta(row);
      }),
    list: (filter, { limit, offset }) =>
      read(async () => {
        const where = whereOf(filter);
        const rows = await deltas.find({ where, order: [['id', 'DESC']], limit, offset });
        return { items: rows.map(toDelta), total: await deltas.count(where) };
      }),
    latestByKey: (groupId, keys) => database.snapshot((tx) => latestByKey(database, groupId, keys, tx)),
    openCandidates: (groupId) =>
      read(async () => {
        const where = { group_id: groupId, state: 'candidate' };
        return (await deltas.find({ where, order: [['id', 'ASC']] })).map(toDelta);
      }),
    ...createCounts(database),
    ...createReleases(database),
    alert: (id) => read(async () => optionalAlert(await alerts.first({ where: { id } }))),
    alertOfScan: (scanId) => read(async () => optionalAlert(await alerts.first({ where: { scan_id: scanId } }))),
  };
}

function optionalAlert(row: Parameters<typeof toAlert>[0] | undefined) {
  return row === undefined ? undefined : toAlert(row);
}

function whereOf(filter: DeltaFilter): WhereOptions<DeltaRow> {
  const { acknowledgement } = filter;
  return {
    ...nonNull({ group_id: filter.groupId, kind: filter.kind, alert_id: filter.alertId, scan_id: filter.scanId }),
    ...(filter.address === undefined ? {} : { address: plain(filter.address) }),
    ...(filter.states === undefined ? {} : { state: [...filter.states] }),
    ...lifeWhere(acknowledgement),
    ...(filter.parts === 'with' || filter.ids !== undefined ? {} : { part_of: null }),
    ...(filter.since === undefined ? {} : { at: { [Op.gte]: filter.since } }),
    ...(filter.ids === undefined ? {} : { id: [...filter.ids] }),
  };
}

function lifeWhere(acknowledgement: DeltaFilter['acknowledgement']): object {
  switch (acknowledgement) {
    case undefined:
      return {};
    case 'open':
      return { answer: 'open', resolved_at: null };
    case 'answered':
      return { answer: { [Op.ne]: 'open' } };
    case 'resolved':
      return { resolved_at: { [Op.ne]: null } };
  }
}

const NEWEST = `SELECT MAX(id) AS id FROM deltas
  WHERE group_id = :groupId AND subject IN (:keys) AND state <> 'refuted' GROUP BY subject`;

async function latestByKey(
  { tables, select }: Database,
  groupId: number,
  keys: readonly string[],
  tx: Transaction,
): Promise<Map<string, Delta>> {
  const latest = new Map<string, Delta>();
  for (const batch of batches(keys.map(plain), KEYS_A_BATCH)) {
    const ids = (await select<{ id: number }>(NEWEST, { groupId, keys: batch }, tx)).map(({ id }) => id);
    const rows = await tables.deltas.find({ where: { id: ids } }, tx);
    for (const row of rows) latest.set(row.subject, toDelta(row));
  }
  return latest;
}
