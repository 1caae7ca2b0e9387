import type { Transaction } from 'sequelize';
import type { Database } from './database.ts';

/** Messages without replies: only those of alerts have replies. */
const OLD = `SELECT id FROM messages m
  WHERE created_at < :before AND status <> 'pending'
    AND (subject_key LIKE 'notice|%' OR subject_key LIKE 'report|%' OR subject_key LIKE 'scan|%' OR subject_key LIKE 'failed-scans|%')
    AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.parent_id = m.id)
  ORDER BY id LIMIT :limit`;

/** Deletes old notices and messages of scans, oldest first. Returns how many. */
export async function pruneMessages(
  { tables, select }: Database,
  before: number,
  limit: number,
  tx: Transaction,
): Promise<number> {
  const old = await select<{ id: number }>(OLD, { before, limit }, tx);
  await tables.messages.remove({ id: old.map(({ id }) => id) }, tx);
  return old.length;
}
