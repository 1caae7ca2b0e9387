import type { Transaction } from 'sequelize';
import type { JudgementCommit } from '../../src/ports/store.ts';
import { recordEvent } from './record-event.ts';
import type { Tables } from './tables/tables.ts';

type Saved = { alert: { id: number; opened: boolean } | undefined; deltaIds: readonly number[] };

/** The events of a judged scan: each alert that it opens or adds to, then its own end. */
export async function recordJudgement(
  tables: Tables,
  commit: JudgementCommit,
  { alert, deltaIds }: Saved,
  tx: Transaction,
): Promise<void> {
  const { scanId, groupId, at } = commit;
  const ids = [...deltaIds, ...commit.changedDeltas.map((change) => change.id)];
  const told = await tables.deltas.find(
    {
      where: { id: ids, group_id: groupId, state: 'confirmed' },
      order: [['id', 'ASC']],
      attributes: ['id', 'alert_id'],
    },
    tx,
  );
  // A delta that only counts as a repetition of an older one changes that one, but is not new.
  const fresh = told.filter(({ id }) => deltaIds.includes(id) || confirmedNow(commit, id));
  for (const alertId of new Set(fresh.flatMap(({ alert_id }) => alert_id ?? []))) {
    const type = alert?.opened === true && alert.id === alertId ? 'alert-opened' : 'alert-changed';
    const deltas = fresh.filter((delta) => delta.alert_id === alertId).map(({ id }) => id);
    await recordEvent(tables, { type, groupId, at, alertId, scanId, deltaIds: deltas }, tx);
  }
  await recordResolved(tables, commit, told, tx);
  await recordEvent(tables, { type: 'scan-done', groupId, at, scanId, deltaIds: [] }, tx);
}

/** Reported deltas that are over: an event for each alert that contains some. */
async function recordResolved(
  tables: Tables,
  { scanId, groupId, at, changedDeltas }: JudgementCommit,
  told: readonly { id: number; alert_id: number | null }[],
  tx: Transaction,
): Promise<void> {
  const ended = new Set(changedDeltas.flatMap(({ id, resolvedAt }) => (resolvedAt === undefined ? [] : [id])));
  const resolved = told.filter(({ id }) => ended.has(id));
  for (const alertId of new Set(resolved.flatMap(({ alert_id }) => alert_id ?? []))) {
    const deltaIds = resolved.filter((delta) => delta.alert_id === alertId).map(({ id }) => id);
    await recordEvent(tables, { type: 'alert-resolved', groupId, at, alertId, scanId, deltaIds }, tx);
  }
}

function confirmedNow(commit: JudgementCommit, id: number): boolean {
  return commit.changedDeltas.some((change) => change.id === id && change.state === 'confirmed');
}
