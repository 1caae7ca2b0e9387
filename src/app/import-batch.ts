import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { ImportFile } from '../usecases/scanning/read-runs.ts';

/** Random, so that nobody in a chat can name another user's batch; and not a path. */
const BATCH = /^[0-9a-f]{32}$/;

const directoryOf = (dataDir: string, batch: string) => join(dataDir, 'import', batch);

/** Copies files to where the bot finds them, possibly in another process. Returns the name of the batch. */
export async function putBatch(dataDir: string, paths: readonly string[]): Promise<string> {
  const batch = randomBytes(16).toString('hex');
  const directory = directoryOf(dataDir, batch);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    for (const [index, path] of paths.entries()) {
      const name = `${String(index).padStart(5, '0')}-${basename(path)}`;
      await writeFile(join(directory, name), await readFile(path), { mode: 0o600 });
    }
  } catch (error) {
    await removeBatch(dataDir, batch);
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`A file can’t be read: ${reason}`, { hint: 'Check its path. Nothing was imported.' });
  }
  return batch;
}

export async function readBatch(dataDir: string, batch: string): Promise<ImportFile[]> {
  const directory = directoryOf(dataDir, batch);
  const names = BATCH.test(batch) ? await readdir(directory).catch(() => []) : [];
  if (names.length === 0) {
    throw new UserError('There are no files of that batch.', {
      hint: 'Import files with:\nnetdelta import GROUP FILE…',
    });
  }
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name: name.replace(/^\d+-/, ''), data: await readFile(join(directory, name)) })),
  );
}

export async function removeBatch(dataDir: string, batch: string): Promise<void> {
  if (BATCH.test(batch)) await rm(directoryOf(dataDir, batch), { recursive: true, force: true });
}
