import { afterAll, beforeAll } from 'vitest';
import { storeContract } from '../store-contract.ts';
import { serverDatabase, sqliteDatabases } from './databases.ts';

let sqlite: Awaited<ReturnType<typeof sqliteDatabases>>;

beforeAll(async () => {
  sqlite = await sqliteDatabases();
});
afterAll(() => sqlite.remove());

storeContract('SQLite', () => sqlite.create());

/** Further databases to try, separated by spaces; all that is in them is deleted. */
const urls = (process.env['NETDELTA_TEST_DATABASES'] ?? '').split(/\s+/).filter((url) => url !== '');

for (const url of urls) storeContract(new URL(url).protocol, serverDatabase(url));
