import { belongsTo, createTable, dropTables, id, type Migration, principal, text, time, word } from './schema.ts';

export const groups: Migration = {
  name: '20261124-0110-groups',
  async up(schema) {
    await createTable(
      schema,
      'groups',
      {
        id,
        name: word(255),
        folded: word(255),
        status: word(),
        spec: text,
        created_by: principal,
        created_at: time,
      },
      [{ columns: ['folded'], unique: true }],
    );
    await createTable(schema, 'group_routes', { id, group_id: belongsTo('groups'), channel: principal }, [
      { columns: ['group_id', 'channel'], unique: true },
    ]);
  },
  down: (schema) => dropTables(schema, 'group_routes', 'groups'),
};
