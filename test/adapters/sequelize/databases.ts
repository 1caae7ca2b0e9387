import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import type { DatabaseServer } from '../../servers/database-server.ts';
import { removeTree } from '../../temporary-files.ts';
import type { StoreUnderTest } from '../store-contract.ts';

/** A directory that is removed with its test. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'netdelta-store-'));
  return { path, remove: () => removeTree(path) };
}

/** Databases copied from one that was migrated once. */
export async function sqliteDatabases(): Promise<{ create(): Promise<StoreUnderTest>; remove(): void }> {
  const directory = temporaryDirectory();
  const template = join(directory.path, 'template.sqlite');
  const store = await openStore(`sqlite:${template}`);
  await store.migrate();
  await store.close();
  let made = 0;
  return {
    async create() {
      const file = join(directory.path, `${++made}.sqlite`);
      copyFileSync(template, file);
      return { open: () => openStore(`sqlite:${file}`), dispose: async () => rmSync(file) };
    },
    remove: directory.remove,
  };
}

/** One database of a server, emptied for each test. */
export async function serverDatabase(server: DatabaseServer): Promise<() => Promise<StoreUnderTest>> {
  const url = await server.create();
  const store = await openStore(url);
  await store.migrate();
  await store.close();
  return async () => {
    await server.empty(url);
    return { open: () => openStore(url), dispose: async () => {} };
  };
}
