import { belongsTo, createTable, dropTables, id, type Migration, optional, principal, text, time } from './schema.ts';

export const mutes: Migration = {
  name: '20261124-0230-mutes',
  up: (schema) =>
    createTable(
      schema,
      'mutes',
      {
        id,
        group_id: optional(belongsTo('groups')),
        what: text,
        target: text,
        starts_at: time,
        ends_at: time,
        reason: optional(text),
        created_by: principal,
        by_name: text,
        ended_at: optional(time),
      },
      [{ columns: ['ended_at'] }, { columns: ['group_id'] }],
    ),
  down: (schema) => dropTables(schema, 'mutes'),
};
