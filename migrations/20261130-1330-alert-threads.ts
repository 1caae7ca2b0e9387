import { QueryTypes } from 'sequelize';
import { addColumn, dropColumn, initially, type Migration, word } from './schema.ts';

/** The shape of an alert's thread stands on the alert. Those with a message about a kind were opened by kind. */
export const alertThreads: Migration = {
  name: '20261130-1330-alert-threads',
  async up(schema) {
    await addColumn(schema, 'alerts', 'thread', initially(word(), 'hosts'));
    const { queries, transaction } = schema;
    const sql = "SELECT subject FROM messages WHERE subject_key LIKE 'alert-kind|%'";
    const rows = await queries.sequelize.query<{ subject: string }>(sql, { type: QueryTypes.SELECT, transaction });
    const alerts = new Set(rows.map(({ subject }) => Number(JSON.parse(subject).alert)));
    for (const id of alerts) await queries.bulkUpdate('alerts', { thread: 'kinds' }, { id }, { transaction });
  },
  down: (schema) => dropColumn(schema, 'alerts', 'thread'),
};
