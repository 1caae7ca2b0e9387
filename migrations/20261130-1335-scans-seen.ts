import { belongsTo, bytes, createTable, dropTables, key, type Migration, optional, real } from './schema.ts';

/** What each scan saw, as it saw it: numbers that stay, and the hosts until its detail is pruned. */
export const scansSeen: Migration = {
  name: '20261130-1335-scans-seen',
  up: (schema) =>
    createTable(schema, 'scans_seen', {
      scan_id: key(belongsTo('scans')),
      hosts_up: real,
      open_ports: real,
      detail: optional(bytes),
    }),
  down: (schema) => dropTables(schema, 'scans_seen'),
};
