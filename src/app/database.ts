import { openStore } from '../../adapters/sequelize/open-store.ts';
import type { Config } from '../config.ts';

export type Database = Awaited<ReturnType<typeof openStore>>;

export function openDatabase(config: Config): Promise<Database> {
  return openStore(config.databaseUrl);
}
