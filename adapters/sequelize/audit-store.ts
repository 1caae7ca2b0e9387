import { col, fn, literal, Op, type WhereOptions, where as whereFn } from 'sequelize';
import { CHAT_NAMES } from '../../src/core/platforms.ts';
import type { AuditEntry, AuditStore } from '../../src/ports/store.ts';
import { auditChain } from './audit-chain.ts';
import type { Database } from './database.ts';
import { nonNull, plain } from './rows.ts';
import type { AuditRow } from './tables/access-tables.ts';

export function createAuditStore(database: Database, key: string): AuditStore {
  const { tables, read, write } = database;
  const { audit } = tables;
  const chain = auditChain(database, key);
  return {
    add: (entry) =>
      write(async (tx) => {
        const detail = entry.detail === undefined ? null : plain(entry.detail);
        const { at, who, channel, outcome } = entry;
        const texts = { name: plain(entry.name), request: plain(entry.request), detail };
        const { kind = 'deed', answers = null } = entry;
        const change = entry.change === undefined ? null : plain(entry.change);
        return chain.append({ at, who, channel, outcome, ...texts, kind, change, answers }, tx);
      }),
    verify: () => chain.verify(),
    prune: (before) => write((tx) => chain.prune(before, tx)),
    list: ({ since, who, reads = true }, { limit, offset }) =>
      read(async () => {
        const where: WhereOptions<AuditRow> = {
          ...(since === undefined ? {} : { at: { [Op.gte]: since } }),
          ...(reads ? {} : { kind: 'deed' }),
          ...(who === undefined ? {} : isBy(who)),
          id: { [Op.notIn]: literal('(SELECT answers FROM audit_entries WHERE answers IS NOT NULL)') },
        };
        const rows = await audit.find({ where, order: [['id', 'DESC']], limit, offset });
        return { items: rows.map(toEntry), total: await audit.count(where) };
      }),
  };
}

/**
 * A principal's key, their id on any platform, or their display name; with or without the `@` that entries show,
 * case-insensitive.
 */
function isBy(who: string) {
  const text = plain(who).toLowerCase();
  const bare = text.replace(/^@/, '');
  const keys = [bare, ...CHAT_NAMES.map((platform) => `${platform}:${bare}`)];
  const isOneOf = (column: 'who' | 'name', values: readonly string[]) =>
    values.map((value) => whereFn(fn('LOWER', col(column)), value));
  return { [Op.or]: [...isOneOf('who', keys), ...isOneOf('name', [text, bare])] };
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    who: row.who,
    name: row.name,
    channel: row.channel,
    request: row.request,
    outcome: row.outcome as AuditEntry['outcome'],
    kind: row.kind === 'read' ? 'read' : 'deed',
    ...nonNull({ detail: row.detail, change: row.change, answers: row.answers }),
  };
}
