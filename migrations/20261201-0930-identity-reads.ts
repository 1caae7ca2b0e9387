import {
  addColumn,
  address,
  belongsTo,
  createTable,
  dropColumn,
  dropTables,
  key,
  type Migration,
  optional,
  text,
} from './schema.ts';

/**
 * When the services of a host were last identified. What was identified before is not recorded: it is due once. One step
 * back the proofs of steady hosts are gone: an older program reads only one of each, and judges those hosts once.
 */
export const identityReads: Migration = {
  name: '20261201-0930-identity-reads',
  async up(schema) {
    await createTable(schema, 'identity_reads', {
      group_id: key(belongsTo('groups')),
      address: key(address),
      detail: text,
    });
    await addColumn(schema, 'chunk_results', 'identified', optional(text));
  },
  async down(schema) {
    const { queries, transaction } = schema;
    await queries.sequelize.query('UPDATE hosts SET steady = NULL', { transaction });
    await dropColumn(schema, 'chunk_results', 'identified');
    await dropTables(schema, 'identity_reads');
  },
};
