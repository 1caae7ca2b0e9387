import { Op } from 'sequelize';
import type { LeaseStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { fromJson } from './rows.ts';
import { saveSettings } from './settings-store.ts';

type Lease = { holder: string; until: number };

/**
 * Leases are rows of `settings`: writers run one after the other on every database, so what is read here holds until it
 * is written.
 */
export function createLeaseStore({ tables, write }: Database): LeaseStore {
  const keyOf = (name: string) => `lease:${name}`;
  return {
    take: (name, holder, { now, forMs, force = false }) =>
      write(async (tx) => {
        const row = await tables.settings.first({ where: { name: keyOf(name) } }, tx);
        const held = row === undefined ? undefined : fromJson<Lease>(row.value);
        const isHeld = held !== undefined && held.until > now && held.until <= now + 2 * forMs;
        if (isHeld && held.holder !== holder && !force) return false;
        const lease: Lease = { holder, until: now + forMs };
        await saveSettings(tables, [{ key: keyOf(name), value: JSON.stringify(lease) }], tx);
        return true;
      }),
    prune: (before) =>
      write(async (tx) => {
        const rows = await tables.settings.find({ where: { name: { [Op.like]: 'lease:%' } } }, tx);
        const over = rows.filter(({ value }) => fromJson<Lease>(value).until < before);
        await tables.settings.remove({ name: over.map(({ name }) => name) }, tx);
      }),
    release: (name, holder) =>
      write(async (tx) => {
        const row = await tables.settings.first({ where: { name: keyOf(name) } }, tx);
        if (row === undefined || fromJson<Lease>(row.value).holder !== holder) return;
        await saveSettings(tables, [{ key: keyOf(name) }], tx);
      }),
  };
}
