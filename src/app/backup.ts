import { randomBytes } from 'node:crypto';
import { lockDataDir } from '../../adapters/redis/data-lock.ts';
import { backUp, restore } from '../../adapters/sequelize/backup.ts';
import { copyDatabase } from '../../adapters/sequelize/copy-database.ts';
import type { Config } from '../config.ts';

export { copyDatabase };

export const backUpDatabase = (config: Config, file: string): Promise<void> => backUp(config.databaseUrl, file);

/** Only while no bot runs. Returns where the previous database was moved. */
export async function restoreDatabase(config: Config, file: string): Promise<string | undefined> {
  const lock = await lockDataDir(config.dataDir);
  try {
    return await restore(config.databaseUrl, file, randomBytes(4).toString('hex'));
  } finally {
    await lock.release();
  }
}
