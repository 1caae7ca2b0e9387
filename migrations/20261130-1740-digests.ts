import { createTable, dropTables, key, type Migration, text, time, word } from './schema.ts';

/** A channel that is told at its times how the groups stand that report there. */
export const digests: Migration = {
  name: '20261130-1740-digests',
  up: (schema) =>
    createTable(schema, 'digests', {
      channel: key(word(160)),
      phrase: text,
      due: text,
      zone: word(),
      sent_at: time,
    }),
  down: (schema) => dropTables(schema, 'digests'),
};
