import { createHmac } from 'node:crypto';
import { Op, type Transaction } from 'sequelize';
import type { AuditVerdict } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { saveSettings } from './settings-store.ts';
import type { AuditRow } from './tables/access-tables.ts';

/** `ID HASH` of the newest entry, so that removing entries from the end is noticed too. */
const HEAD = 'audit-head';
/**
 * `ID HASH SEAL` of the last entry that was removed because of its age, or `ID` of the last entry before there was a
 * chain. Without a hash the chain can only begin at the first entry; with one, the seal proves that nobody else moved
 * the anchor.
 */
const ANCHOR = 'audit-anchor';
const BATCH = 1000;

type End = { id: number; hash: string; seal: string };

/**
 * Binds every entry to all before it by an HMAC whose key is not in the database: somebody who can only write there can't
 * change, insert or remove an entry unnoticed. An older state of the whole database that is put back is valid, too.
 */
export function auditChain({ tables, read }: Database, key: string) {
  const { audit } = tables;

  async function end(name: string, tx?: Transaction): Promise<End | undefined> {
    const row = await tables.settings.first({ where: { name } }, tx);
    const [id, hash = '', seal = ''] = row?.value.split(' ') ?? [];
    return id === undefined ? undefined : { id: Number(id), hash, seal };
  }

  const firstInChain = (tx?: Transaction) =>
    audit.first({ where: { hash: { [Op.ne]: null } }, order: [['id', 'ASC']], attributes: ['id'] }, tx);

  const anchorSeal = ({ id, hash }: Omit<End, 'seal'>): string =>
    createHmac('sha256', key)
      .update(JSON.stringify(['anchor', id, hash]))
      .digest('hex');

  const isOurs = (anchor: End): boolean => anchor.hash === '' || anchor.seal === anchorSeal(anchor);

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
      // If a chain already exists, its end was removed: it must not start again as if nothing had happened.
      const begins = head === undefined && (await firstInChain(tx))?.id === id;
      const anchor = begins ? [{ key: ANCHOR, value: `${id - 1} ` }] : [];
      await saveSettings(tables, [...anchor, { key: HEAD, value: `${id} ${hash}` }], tx);
      return id;
    },

    async verify(): Promise<AuditVerdict> {
      return read(async () => {
        const [anchor, head] = [await end(ANCHOR), await end(HEAD)];
        const first = await firstInChain();
        if (anchor === undefined && head === undefined && first === undefined) {
          return { entries: 0, state: 'whole', head: '' };
        }
        if (anchor === undefined || head === undefined || !isOurs(anchor)) {
          return { entries: 0, state: 'broken', at: first?.id ?? head?.id ?? 1 };
        }
        let last: Omit<End, 'seal'> = anchor;
        let entries = 0;
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

    /** Removes entries before `at`; the chain continues from the last of them. */
    async prune(at: number, tx: Transaction): Promise<number> {
      const last = await audit.first({ where: { at: { [Op.lt]: at } }, order: [['id', 'DESC']] }, tx);
      const [anchor, head] = [await end(ANCHOR, tx), await end(HEAD, tx)];
      if (last === undefined || head === undefined || last.id >= head.id) return 0;
      const removed = await audit.remove({ id: { [Op.lte]: last.id } }, tx);
      // One that somebody else has put there stays, so that it is found.
      if (anchor !== undefined && isOurs(anchor) && last.id > anchor.id) {
        const end = { id: last.id, hash: last.hash ?? '' };
        await saveSettings(tables, [{ key: ANCHOR, value: `${end.id} ${end.hash} ${anchorSeal(end)}` }], tx);
      }
      return removed;
    },
  };
}
