import {
  address,
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  number,
  optional,
  principal,
  text,
  time,
  word,
} from './schema.ts';

export const expectations: Migration = {
  name: '20261124-0250-expectations',
  up: (schema) =>
    createTable(
      schema,
      'expectations',
      {
        id,
        group_id: belongsTo('groups'),
        address,
        protocol: word(8),
        port: number,
        due_by: time,
        reason: optional(text),
        ticket: optional(text),
        created_by: principal,
        by_name: text,
        created_at: time,
        status: word(),
        delta_id: belongsTo('deltas', 'SET NULL'),
      },
      [{ columns: ['group_id', 'status'] }, { columns: ['status'] }, { columns: ['delta_id'] }],
    ),
  down: (schema) => dropTables(schema, 'expectations'),
};
