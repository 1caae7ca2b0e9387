import { QueryTypes } from 'sequelize';
import { address, belongsTo, createTable, dropTables, id, type Migration, type Schema, text, time } from './schema.ts';

const ROWS_AT_ONCE = 500;

type Interval = {
  group_id: number;
  address: string;
  protocol: string;
  port: number;
  since: number;
  until: number | null;
  present: number;
  identity: string | null;
};

/** The history of a host's services, recorded when it happens; what is known of before is read off the intervals. */
export const hostEvents: Migration = {
  name: '20261130-1340-host-events',
  async up(schema) {
    const columns = { id, group_id: belongsTo('groups'), address, at: time, text };
    await createTable(schema, 'host_events', columns, [{ columns: ['group_id', 'address'] }]);
    await recordIntervals(schema);
  },
  down: (schema) => dropTables(schema, 'host_events'),
};

async function recordIntervals({ queries, transaction }: Schema): Promise<void> {
  const quoted = queries.quoteIdentifier('until');
  const sql = `SELECT group_id, address, protocol, port, since, ${quoted}, present, identity FROM services`;
  const rows = await queries.sequelize.query<Interval>(sql, { type: QueryTypes.SELECT, transaction });
  const events = rows.flatMap(eventsOf).sort((a, b) => a.at - b.at);
  for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
    await queries.bulkInsert('host_events', events.slice(from, from + ROWS_AT_ONCE), { transaction });
  }
}

/** What was never there (only looked for) has no events. */
function eventsOf(row: Interval) {
  if (row.present === 0 && row.until === null) return [];
  const { group_id, address: where, port, protocol } = row;
  const known = row.identity === null ? {} : (JSON.parse(row.identity) as Record<string, string | undefined>);
  const what = [known['product'] ?? known['name'], known['version']].filter((part) => part !== undefined).join(' ');
  const name = `${port}/${protocol}`;
  const opened = {
    group_id,
    address: where,
    at: Number(row.since),
    text: `${name} open${what === '' ? '' : `: ${what}`}`,
  };
  return row.until === null
    ? [opened]
    : [opened, { group_id, address: where, at: Number(row.until), text: `${name} gone` }];
}
