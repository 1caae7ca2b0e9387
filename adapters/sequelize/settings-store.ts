import { Op, type Transaction } from 'sequelize';
import { defined } from '../../src/core/defined.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { plain } from './rows.ts';
import type { Tables } from './tables/tables.ts';

/** Sets each, or deletes it if it has no value. */
export async function saveSettings(
  tables: Tables,
  settings: readonly { key: string; value?: string }[],
  tx: Transaction,
): Promise<void> {
  for (const { key, value } of settings) {
    const name = plain(key);
    if (value === undefined) await tables.settings.remove({ name }, tx);
    else await tables.settings.upsertMany([{ name, value: plain(value) }], ['name'], tx);
  }
}

export function createSettingsStore({ tables, read, write }: Database): Store['settings'] {
  return {
    get: (key) => read(async () => (await tables.settings.first({ where: { name: plain(key) } }))?.value),
    under: (prefix) =>
      read(async () => {
        const rows = await tables.settings.find({ where: { name: { [Op.like]: `${prefix}%` } } });
        return new Map(rows.map(({ name, value }) => [name, value]));
      }),
    initial: (key, value) =>
      write(async (tx) => {
        const row = await tables.settings.first({ where: { name: plain(key) } }, tx);
        if (row === undefined) await saveSettings(tables, [{ key, value }], tx);
        return row?.value ?? value;
      }),
    set: (key, value) => write((tx) => saveSettings(tables, [{ key, ...defined({ value }) }], tx)),
  };
}
