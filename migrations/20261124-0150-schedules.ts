import {
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  optional,
  principal,
  text,
  time,
  word,
} from './schema.ts';

export const schedules: Migration = {
  name: '20261124-0150-schedules',
  up: (schema) =>
    createTable(
      schema,
      'schedules',
      {
        id,
        group_id: belongsTo('groups'),
        phrase: text,
        due: text,
        zone: word(255),
        profile: optional(word(255)),
        status: word(),
        created_by: principal,
        created_at: time,
        last_due_at: optional(time),
      },
      [{ columns: ['group_id'] }],
    ),
  down: (schema) => dropTables(schema, 'schedules'),
};
