import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../../adapters/sequelize/open-store.ts';
import type { StoreUnderTest } from '../store-contract.ts';

/** A directory that goes with its test. */
export function temporaryDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'netdelta-store-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Databases that are copies of one that was migrated once. */
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

/** One database on a server, emptied for each test. */
export function serverDatabase(url: string): () => Promise<StoreUnderTest> {
  return async () => {
    const store = await openStore(url);
    while ((await store.migrateDown()) !== undefined);
    await store.migrate();
    await store.close();
    return { open: () => openStore(url), dispose: async () => {} };
  };
}
