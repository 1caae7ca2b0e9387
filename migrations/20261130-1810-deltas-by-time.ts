import { addIndex, dropIndex, type Index, type Migration } from './schema.ts';

const BY_TIME: Index = { columns: ['group_id', 'state', 'at'] };

/** A report reads what was reported in its period, not all that ever was. */
export const deltasByTime: Migration = {
  name: '20261130-1810-deltas-by-time',
  up: (schema) => addIndex(schema, 'deltas', BY_TIME),
  down: (schema) => dropIndex(schema, 'deltas', BY_TIME),
};
