import {
  address,
  belongsTo,
  createTable,
  dropTables,
  id,
  key,
  type Migration,
  number,
  optional,
  text,
  time,
  word,
} from './schema.ts';

/** What is believed: of a group as a whole, of each host, and each change of a host's code. */
export const hosts: Migration = {
  name: '20261124-0160-hosts',
  async up(schema) {
    await createTable(schema, 'group_memories', { group_id: key(belongsTo('groups')), memory: text });
    await createTable(
      schema,
      'hosts',
      {
        group_id: key(belongsTo('groups')),
        address: key(address),
        sort_key: word(80),
        code: word(),
        present: number,
        first_seen: time,
        last_seen: optional(time),
        hostnames: text,
        mac: optional(word()),
        vendor: optional(text),
        memory: text,
      },
      [{ columns: ['group_id', 'sort_key'] }, { columns: ['group_id', 'code'] }, { columns: ['address'] }],
    );
    await createTable(schema, 'host_codes', { id, group_id: belongsTo('groups'), address, at: time, code: word() }, [
      { columns: ['group_id', 'address'] },
    ]);
  },
  down: (schema) => dropTables(schema, 'host_codes', 'hosts', 'group_memories'),
};
