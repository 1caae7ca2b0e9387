import { createTable, dropTables, id, type Migration, optional, principal, text, time, word } from './schema.ts';

/** Refers to nothing, so that entries outlive what they speak of. */
export const audit: Migration = {
  name: '20261124-0270-audit',
  up: (schema) =>
    createTable(
      schema,
      'audit_entries',
      {
        id,
        at: time,
        who: principal,
        name: text,
        channel: principal,
        request: text,
        outcome: word(),
        detail: optional(text),
      },
      [{ columns: ['at'] }, { columns: ['who'] }],
    ),
  down: (schema) => dropTables(schema, 'audit_entries'),
};
