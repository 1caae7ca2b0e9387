import { addColumn, dropColumn, type Migration, optional, text } from './schema.ts';

/** What a running scan does just now, and when its workers last said so, as JSON. */
export const underWay: Migration = {
  name: '20261130-2005-under-way',
  up: (schema) => addColumn(schema, 'scans', 'under_way', optional(text)),
  down: (schema) => dropColumn(schema, 'scans', 'under_way'),
};
