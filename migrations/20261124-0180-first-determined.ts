import {
  address,
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  number,
  optional,
  text,
  time,
  word,
} from './schema.ts';

/** What was found while learning: listed once, never alerted. */
export const firstDetermined: Migration = {
  name: '20261124-0180-first-determined',
  up: (schema) =>
    createTable(
      schema,
      'first_determined',
      {
        id,
        group_id: belongsTo('groups'),
        scan_id: belongsTo('scans'),
        at: time,
        address,
        protocol: optional(word(8)),
        port: optional(number),
        identity: optional(text),
        subject: word(96),
      },
      [{ columns: ['group_id', 'subject'], unique: true }, { columns: ['scan_id'] }],
    ),
  down: (schema) => dropTables(schema, 'first_determined'),
};
