import { constants } from 'node:fs';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '../adapters/sequelize/open-store.ts';
import type { Store } from '../src/ports/store.ts';

/**
 * A store on an empty SQLite database of the current schema. The first of a test run is migrated, the others are its
 * copies: a dozen migrations take longer than most tests.
 */
export async function openFreshStore(file: string): Promise<Store> {
  const shared = process.env['NETDELTA_TEST_FILES'];
  const template = shared === undefined ? undefined : join(shared, 'migrated.sqlite');
  if (template !== undefined && (await hasCopied(template, file))) return openStore(`sqlite:${file}`);
  const store = await openStore(`sqlite:${file}`);
  await store.migrate();
  if (template === undefined) return store;
  await store.close();
  // Under another name first, so that a copy is complete or does not exist.
  await copyFile(file, `${template}.${process.pid}`);
  await rename(`${template}.${process.pid}`, template);
  return openStore(`sqlite:${file}`);
}

async function hasCopied(template: string, file: string): Promise<boolean> {
  try {
    await copyFile(template, file, constants.COPYFILE_EXCL);
    return true;
  } catch {
    return false;
  }
}
