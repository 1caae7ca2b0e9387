import {
  address,
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  number,
  optional,
  principal,
  text,
  time,
  word,
} from './schema.ts';

/** What people sign and write down: baselines of groups, notes on hosts and ports. */
export const records: Migration = {
  name: '20261130-1740-records',
  async up(schema) {
    const signed = { by_key: principal, by_name: text, at: time };
    await createTable(
      schema,
      'baselines',
      { id, group_id: belongsTo('groups'), ...signed, note: optional(text), hosts: number, services: number },
      [{ columns: ['group_id'] }],
    );
    await createTable(
      schema,
      'host_notes',
      {
        id,
        group_id: optional(belongsTo('groups')),
        address,
        protocol: optional(word(8)),
        port: optional(number),
        words: optional(text),
        owner: optional(text),
        tags: optional(text),
        ...signed,
      },
      [{ columns: ['address'] }, { columns: ['group_id'] }],
    );
  },
  down: (schema) => dropTables(schema, 'host_notes', 'baselines'),
};
