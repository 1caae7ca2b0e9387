import { belongsTo, createTable, dropTables, key, type Migration, text } from './schema.ts';

/** What each scan really covered, as ranges. Kept when a scan is pruned: hits and "last seen" derive from it. */
export const coverage: Migration = {
  name: '20261124-0140-coverage',
  up: (schema) => createTable(schema, 'coverages', { scan_id: key(belongsTo('scans')), addresses: text, ports: text }),
  down: (schema) => dropTables(schema, 'coverages'),
};
