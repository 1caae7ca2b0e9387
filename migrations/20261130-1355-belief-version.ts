import { addColumn, dropColumn, initially, type Migration, number } from './schema.ts';

/** How often a group's belief was written: two bots that judge one group at once must not both build on the same. */
export const beliefVersion: Migration = {
  name: '20261130-1355-belief-version',
  up: (schema) => addColumn(schema, 'group_memories', 'version', initially(number, 0)),
  down: (schema) => dropColumn(schema, 'group_memories', 'version'),
};
