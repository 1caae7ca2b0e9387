import { createTable, dropTables, key, type Migration, text, word } from './schema.ts';

/** Small values of the bot itself. `write-lock` is the row that writers on a database server lock. */
export const settings: Migration = {
  name: '20261124-0100-settings',
  async up(schema) {
    await createTable(schema, 'settings', { name: key(word(160)), value: text });
    const { queries, transaction } = schema;
    await queries.bulkInsert('settings', [{ name: 'write-lock', value: '' }], { transaction });
  },
  down: (schema) => dropTables(schema, 'settings'),
};
