import { belongsTo, createTable, dropTables, id, type Migration, time } from './schema.ts';

/** At most one alert for a scan. */
export const alerts: Migration = {
  name: '20261124-0190-alerts',
  up: (schema) =>
    createTable(
      schema,
      'alerts',
      {
        id,
        group_id: belongsTo('groups'),
        scan_id: belongsTo('scans'),
        previous_id: belongsTo('alerts', 'SET NULL'),
        created_at: time,
      },
      [{ columns: ['scan_id'], unique: true }, { columns: ['group_id'] }, { columns: ['previous_id'] }],
    ),
  down: (schema) => dropTables(schema, 'alerts'),
};
