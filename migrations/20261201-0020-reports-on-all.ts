import {
  addIndex,
  belongsTo,
  createTable,
  dropTables,
  id,
  type Migration,
  optional,
  principal,
  type Schema,
  text,
  time,
  word,
} from './schema.ts';

const COLUMNS = [
  ...['id', 'group_id', 'phrase', 'due', 'zone', 'profile', 'report', 'status', 'created_by', 'created_at'],
  ...['last_due_at', 'active_since'],
];

/** A scheduled report may be about all groups: then its schedule belongs to none. */
export const reportsOnAll: Migration = {
  name: '20261201-0020-reports-on-all',
  up: (schema) => setGroup(schema, true),
  async down(schema) {
    const { queries, transaction } = schema;
    await queries.sequelize.query('DELETE FROM schedules WHERE group_id IS NULL', { transaction });
    await setGroup(schema, false);
  },
};

async function setGroup(schema: Schema, mayLack: boolean): Promise<void> {
  const { queries, transaction } = schema;
  const run = async (sql: string) => void (await queries.sequelize.query(sql, { transaction }));
  switch (queries.sequelize.getDialect()) {
    case 'sqlite':
      return remake(schema, mayLack);
    case 'postgres':
      return run(`ALTER TABLE schedules ALTER COLUMN group_id ${mayLack ? 'DROP' : 'SET'} NOT NULL`);
    default:
      return run(`ALTER TABLE schedules MODIFY group_id INTEGER ${mayLack ? 'NULL' : 'NOT NULL'}`);
  }
}

/** SQLite changes no column. Nothing refers to a schedule, so that its table may be made anew; its numbers go on. */
async function remake(schema: Schema, mayLack: boolean): Promise<void> {
  const { queries, transaction } = schema;
  const run = async (sql: string) => void (await queries.sequelize.query(sql, { transaction }));
  const group = belongsTo('groups');
  await createTable(schema, 'schedules_anew', {
    ...{ id, group_id: mayLack ? optional(group) : group, phrase: text, due: text, zone: word(255) },
    ...{
      profile: optional(word(255)),
      report: optional(text),
      status: word(),
      created_by: principal,
      created_at: time,
    },
    ...{ last_due_at: optional(time), active_since: optional(time) },
  });
  const names = COLUMNS.join(', ');
  await run(`INSERT INTO schedules_anew (${names}) SELECT ${names} FROM schedules`);
  await run("DELETE FROM sqlite_sequence WHERE name = 'schedules_anew'");
  await run("UPDATE sqlite_sequence SET name = 'schedules_anew' WHERE name = 'schedules'");
  await dropTables(schema, 'schedules');
  await run('ALTER TABLE schedules_anew RENAME TO schedules');
  await addIndex(schema, 'schedules', { columns: ['group_id'] });
}
