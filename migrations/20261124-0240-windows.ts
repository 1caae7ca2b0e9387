import {
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  optional,
  principal,
  real,
  text,
  time,
  word,
} from './schema.ts';

export const windows: Migration = {
  name: '20261124-0240-windows',
  up: (schema) =>
    createTable(
      schema,
      'maintenance_windows',
      {
        id,
        group_id: belongsTo('groups'),
        phrase: text,
        due: text,
        zone: word(255),
        duration_ms: real,
        reason: optional(text),
        created_by: principal,
        by_name: text,
        created_at: time,
        told_until: optional(time),
      },
      [{ columns: ['group_id'] }],
    ),
  down: (schema) => dropTables(schema, 'maintenance_windows'),
};
