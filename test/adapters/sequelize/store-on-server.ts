import { afterAll, beforeAll, describe } from 'vitest';
import { type DatabaseServer, serverObstacle } from '../../servers/database-server.ts';
import { type StoreUnderTest, storeContract } from '../store-contract.ts';
import { serverDatabase } from './databases.ts';

/** The contract on a server of its own, which ends with the file. */
export function storeOnServer(name: DatabaseServer['name'], start: () => Promise<DatabaseServer>): void {
  const obstacle = serverObstacle(name);
  describe.skipIf(obstacle !== undefined)(obstacle === undefined ? 'on a server' : `skipped: ${obstacle}`, () => {
    let server: DatabaseServer;
    let create: () => Promise<StoreUnderTest>;
    beforeAll(async () => {
      server = await start();
      create = await serverDatabase(server);
    });
    afterAll(() => server.close());
    storeContract(name, () => create());
  });
}
