import { belongsTo, bytes, createTable, dropTables, key, type Migration, number, time } from './schema.ts';

/**
 * What was found while learning, as packed lists: a row for each service made it the largest table of all. What
 * `first_determined` has of earlier scans stays there.
 */
export const firstFound: Migration = {
  name: '20261130-1725-first-found',
  up: (schema) =>
    createTable(
      schema,
      'first_found',
      {
        scan_id: key(belongsTo('scans')),
        part: key(number),
        group_id: belongsTo('groups'),
        at: time,
        found: number,
        detail: bytes,
      },
      [{ columns: ['group_id'] }],
    ),
  down: (schema) => dropTables(schema, 'first_found'),
};
