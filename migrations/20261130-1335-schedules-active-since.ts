import { addColumn, dropColumn, type Migration, optional, time } from './schema.ts';

/** Since when a schedule runs as it stands: what was due before is nobody's to make up or to miss. */
export const schedulesActiveSince: Migration = {
  name: '20261130-1335-schedules-active-since',
  up: (schema) => addColumn(schema, 'schedules', 'active_since', optional(time)),
  down: (schema) => dropColumn(schema, 'schedules', 'active_since'),
};
