import { createHmac } from 'node:crypto';
import { Op, type Transaction } from 'sequelize';
import type { AuditVerdict } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { saveSettings } from './settings-store.ts';
import type { AuditRow } from './tables/access-tables.ts';

/** `ID HASH` of the newest entry, so that entries taken off the end are missed too. */
const HEAD = 'audit-head';
/** `ID HASH` of the last entry that was removed for its age, or that came before there was a chain. */
const ANCHOR = 'audit-anchor';
const BATCH = 1000;

type End = { id: number; hash: string };

/**
 * Binds every entry to all before it by an HMAC whose key is not in the database: whoever can only write there can't
 * change, insert or remove an entry unseen.
 */
export function auditChain({ tables, read }: Database, key: string) {
  const { audit } = tables;

  async function end(name: string, tx?: Transaction): Promise<End | undefined> {
    const row = await tables.settings.first({ where: { name } }, tx);
    const [id, hash = ''] = row?.value.split(' ') ?? [];
    return id === undefined ? undefined : { id: Number(id), hash };
  }

  const hashOf = (before: string, row: Omit<AuditRow, 'hash'>): string =>
    createHmac('sha256', key)
      .update(JSON.stringify([before, row.id, row.at, row.who, row.name, row.channel, row.request, row.outcome]))
      .update(JSON.stringify([row.detail, row.kind, row.change, row.answers]))
      .digest('hex');

  return {
    /** In the transaction that inserts it. */
    async append(row: Omit<AuditRow, 'id' | 'hash'>, tx: Transaction): Promise<number> {
      const head = await end(HEAD, tx);
      const id = await audit.insert(row, tx);
      const hash = hashOf(head?.hash ?? '', { ...row, id });
      await audit.update({ hash }, { id }, tx);
      const anchor = head === undefined ? [{ key: ANCHOR, value: `${id - 1} ` }] : [];
      await saveSettings(tables, [...anchor, { key: HEAD, value: `${id} ${hash}` }], tx);
      return id;
    },

    async verify(): Promise<AuditVerdict> {
      return read(async () => {
        const [anchor, head] = [await end(ANCHOR), await end(HEAD)];
        if (anchor === undefined || head === undefined) return { entries: 0, state: 'whole', head: '' };
        let [last, entries] = [anchor, 0];
        for (;;) {
          const where = { id: { [Op.gt]: last.id } };
          const rows = await audit.find({ where, order: [['id', 'ASC']], limit: BATCH });
          for (const row of rows) {
            const { hash, ...said } = row;
            if (hash !== hashOf(last.hash, said)) return { entries, state: 'broken', at: row.id };
            last = { id: row.id, hash };
            entries += 1;
          }
          if (rows.length < BATCH) break;
        }
        if (last.id !== head.id || last.hash !== head.hash) return { entries, state: 'cut', after: last.id };
        return { entries, state: 'whole', head: last.hash };
      });
    },

    /** Removes entries before `at`; the chain goes on from the last of them. */
    async prune(at: number, tx: Transaction): Promise<number> {
      const last = await audit.first({ where: { at: { [Op.lt]: at } }, order: [['id', 'DESC']] }, tx);
      const [anchor, head] = [await end(ANCHOR, tx), await end(HEAD, tx)];
      if (last === undefined || head === undefined || last.id >= head.id) return 0;
      const removed = await audit.remove({ id: { [Op.lte]: last.id } }, tx);
      if (last.id > (anchor?.id ?? 0))
        await saveSettings(tables, [{ key: ANCHOR, value: `${last.id} ${last.hash ?? ''}` }], tx);
      return removed;
    },
  };
}
