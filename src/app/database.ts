import { createHmac } from 'node:crypto';
import { ownSecret } from '../../adapters/bullmq/site-keys.ts';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import type { Config } from '../config.ts';

export type Database = Awaited<ReturnType<typeof openStore>>;

/** The audit's key is derived from the secret, which is not in the database. */
export async function openDatabase(config: Config): Promise<Database> {
  const secret = config.workerSecret ?? (await ownSecret(config.dataDir));
  return openStore(config.databaseUrl, { auditKey: createHmac('sha256', secret).update('audit').digest('hex') });
}
