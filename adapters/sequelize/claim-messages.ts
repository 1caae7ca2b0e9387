import type { Transaction } from 'sequelize';
import type { Message } from '../../src/ports/message.ts';
import type { PendingDelivery } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toMessage } from './message-rows.ts';

export type ClaimOptions = { now: number; leaseMs: number; platforms: readonly string[]; limit: number };

/** A reply whose parent failed before it was posted has no thread: it waits until the parent is sent again. */
const ORPHANED = (message: string, parent: string) =>
  `(${message}.parent_id IS NOT NULL AND ${parent}.status = 'failed' AND ${parent}.ref_id IS NULL)`;

/**
 * Messages whose turn it is, due or not. A message that was never posted holds up younger ones in its channel, so that
 * a thread reads in order; an edit that waits holds up nothing.
 */
const IN_TURN = `FROM messages m LEFT JOIN messages p ON p.id = m.parent_id
  WHERE m.status = 'pending' AND m.platform IN (:platforms)
    AND (m.parent_id IS NULL OR p.ref_id IS NOT NULL)
    AND NOT EXISTS (
      SELECT 1 FROM messages o LEFT JOIN messages q ON q.id = o.parent_id
      WHERE o.channel = m.channel AND o.status = 'pending' AND o.id < m.id AND o.ref_id IS NULL
        AND NOT ${ORPHANED('o', 'q')})`;

const DUE = `SELECT MIN(m.id) AS id ${IN_TURN} AND m.not_before <= :now
    AND NOT EXISTS (SELECT 1 FROM messages f WHERE f.channel = m.channel AND f.lease_until > :now)
  GROUP BY m.channel ORDER BY MIN(m.id) LIMIT :limit`;

/** Claims at most one message per channel. An idle loop only reads. */
export async function claimMessages(database: Database, options: ClaimOptions): Promise<Message[]> {
  if (options.platforms.length === 0) return [];
  if ((await database.read(() => due(database, options))).length === 0) return [];
  return database.write(async (tx) => {
    const ids = await due(database, options, tx);
    const rows = await database.tables.messages.find({ where: { id: ids }, order: [['id', 'ASC']] }, tx);
    const claimed: Message[] = [];
    for (const row of rows) {
      // A claim that nobody ended: the process died, perhaps between the post and its record.
      const lost = row.claimed !== null && row.ref_id === null;
      const uncertain = lost ? 1 : row.uncertain;
      const lease = { lease_until: options.now + options.leaseMs, claimed: row.wanted, uncertain };
      await database.tables.messages.update(lease, { id: row.id }, tx);
      claimed.push(toMessage({ ...row, ...lease }));
    }
    return claimed;
  });
}

async function due(database: Database, options: ClaimOptions, tx?: Transaction): Promise<number[]> {
  const { now, platforms, limit } = options;
  return (await database.select<{ id: number }>(DUE, { now, platforms, limit }, tx)).map(({ id }) => id);
}

/** Without orphans, which waiting does not help. */
export function countPending(database: Database, platforms?: readonly string[]): Promise<number> {
  return database.read(async () => {
    const chosen = platforms === undefined ? '' : 'AND m.platform IN (:platforms)';
    const sql = `SELECT COUNT(*) AS pending FROM messages m LEFT JOIN messages p ON p.id = m.parent_id
      WHERE m.status = 'pending' AND NOT ${ORPHANED('m', 'p')} ${chosen}`;
    const [counted] = await database.select<{ pending: number | string }>(sql, { platforms });
    return Number(counted?.pending ?? 0);
  });
}

type ChannelTurn = { due: number | string; lease: number | string | null };

/** When a claim may next find something: not while the same channel has a message in progress. */
export function nextDue(database: Database, platforms?: readonly string[]): Promise<number | undefined> {
  return database.read(async () => {
    const inTurn = platforms === undefined ? IN_TURN.replace('AND m.platform IN (:platforms)', '') : IN_TURN;
    const lease = 'SELECT MAX(f.lease_until) FROM messages f WHERE f.channel = m.channel';
    const sql = `SELECT MIN(m.not_before) AS due, (${lease}) AS lease ${inTurn} GROUP BY m.channel`;
    const turns = await database.select<ChannelTurn>(sql, { platforms });
    const times = turns.map((turn) => Math.max(Number(turn.due), Number(turn.lease ?? 0)));
    return times.length === 0 ? undefined : Math.min(...times);
  });
}

type PendingRow = { channel: string; count: number | string; since: number | string; failure: string | null };

/** What waits, channel by channel. */
export function pendingByChannel(database: Database, before: number): Promise<PendingDelivery[]> {
  return database.read(async () => {
    const sql = `SELECT channel, COUNT(*) AS count, MIN(created_at) AS since, MAX(failure) AS failure FROM messages
      WHERE status = 'pending' AND created_at <= :before GROUP BY channel ORDER BY channel`;
    const rows = await database.select<PendingRow>(sql, { before });
    return rows.map(({ channel, count, since, failure }) => ({
      ...{ channel, count: Number(count), since: Number(since) },
      ...(failure === null ? {} : { failure }),
    }));
  });
}
