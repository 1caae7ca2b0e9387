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

/** Every answer given to a delta and every one taken back; the delta's own row has the one that holds. */
export const acknowledgements: Migration = {
  name: '20261124-0210-acknowledgements',
  up: (schema) =>
    createTable(
      schema,
      'acknowledgements',
      {
        id,
        delta_id: belongsTo('deltas'),
        answer: word(),
        answered_by: optional(principal),
        answered_by_name: optional(text),
        at: optional(time),
        note: optional(text),
      },
      [{ columns: ['delta_id'] }],
    ),
  down: (schema) => dropTables(schema, 'acknowledgements'),
};
