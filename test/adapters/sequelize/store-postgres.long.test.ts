import { startPostgres } from '../../servers/database-server.ts';
import { storeOnServer } from './store-on-server.ts';

storeOnServer('PostgreSQL', startPostgres);
