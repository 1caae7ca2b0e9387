import {
  belongsTo,
  createTable,
  dropTables,
  id,
  initially,
  type Migration,
  number,
  optional,
  text,
  time,
  word,
} from './schema.ts';

/** What happened, by reference: from it the sinks (webhook, syslog, mail, file) are served. */
export const events: Migration = {
  name: '20261130-1250-events',
  up: (schema) =>
    createTable(
      schema,
      'events',
      {
        id,
        type: word(),
        group_id: belongsTo('groups'),
        at: time,
        // Without a reference: the scan or alert may be pruned before the event.
        alert_id: optional(number),
        scan_id: optional(number),
        detail: text,
        dispatched: initially(number, 0),
      },
      [{ columns: ['dispatched', 'id'] }, { columns: ['group_id'] }, { columns: ['at'] }],
    ),
  down: (schema) => dropTables(schema, 'events'),
};
