import {
  address,
  belongsTo,
  createTable,
  dropTables,
  key,
  type Migration,
  number,
  optional,
  text,
  time,
  word,
} from './schema.ts';

/** Services as intervals: a scan that changes nothing writes nothing here. */
export const services: Migration = {
  name: '20261124-0170-services',
  up: (schema) =>
    createTable(
      schema,
      'services',
      {
        group_id: key(belongsTo('groups')),
        address: key(address),
        protocol: key(word(8)),
        port: key(number),
        since: key(time),
        until: optional(time),
        present: number,
        current: number,
        position: number,
        identity: optional(text),
        name: optional(word(255)),
        product: optional(text),
        memory: text,
      },
      [{ columns: ['port', 'current'] }, { columns: ['name', 'current'] }],
    ),
  down: (schema) => dropTables(schema, 'services'),
};
