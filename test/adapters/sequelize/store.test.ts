import { afterAll, beforeAll } from 'vitest';
import { storeContract } from '../store-contract.ts';
import { sqliteDatabases } from './databases.ts';

let sqlite: Awaited<ReturnType<typeof sqliteDatabases>>;

beforeAll(async () => {
  sqlite = await sqliteDatabases();
});
afterAll(() => sqlite.remove());

storeContract('SQLite', () => sqlite.create());
