import { addColumn, dropColumn, type Migration, optional, text } from './schema.ts';

/** What a schedule sends in place of a scan, as JSON. One step back it would scan: it is gone then. */
export const scheduledReports: Migration = {
  name: '20261130-2030-scheduled-reports',
  up: (schema) => addColumn(schema, 'schedules', 'report', optional(text)),
  async down(schema) {
    const { queries, transaction } = schema;
    await queries.sequelize.query('DELETE FROM schedules WHERE report IS NOT NULL', { transaction });
    await dropColumn(schema, 'schedules', 'report');
  },
};
