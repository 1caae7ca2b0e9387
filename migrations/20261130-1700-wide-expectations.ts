import { DataTypes, QueryTypes } from 'sequelize';
import { addColumn, dropColumn, type Migration, optional, text } from './schema.ts';

type Row = { id: number; address: string; protocol: string; port: number };

/** An approved change is of hosts, ports, or both; until now it was of one port of one address. */
export const wideExpectations: Migration = {
  name: '20261130-1700-wide-expectations',
  async up(schema) {
    const { queries, transaction } = schema;
    await addColumn(schema, 'expectations', 'expected', optional(text));
    await addColumn(schema, 'expectations', 'lasts', { type: DataTypes.STRING(16), allowNull: true });
    const rows = await queries.sequelize.query<Row>('SELECT id, address, protocol, port FROM expectations', {
      type: QueryTypes.SELECT,
      transaction,
    });
    for (const { id, address: hosts, protocol, port } of rows) {
      const expected = JSON.stringify({ hosts, ports: { protocol, first: port, last: port } });
      await queries.bulkUpdate('expectations', { expected, lasts: 'once' }, { id }, { transaction });
    }
  },
  /** What the earlier version can't hold goes: it would wait for port 0 and say that it has not come. */
  async down(schema) {
    await schema.queries.bulkDelete('expectations', { port: 0 }, { transaction: schema.transaction });
    await dropColumn(schema, 'expectations', 'lasts');
    await dropColumn(schema, 'expectations', 'expected');
  },
};
