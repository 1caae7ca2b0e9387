import type { Store } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { plain } from './rows.ts';

export function createSettingsStore({ tables, read, write }: Database): Store['settings'] {
  return {
    get: (key) => read(async () => (await tables.settings.first({ where: { name: plain(key) } }))?.value),
    set: (key, value) =>
      write((tx) => tables.settings.upsertMany([{ name: plain(key), value: plain(value) }], ['name'], tx)),
  };
}
