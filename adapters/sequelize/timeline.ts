import type { Transaction } from 'sequelize';
import { identityOf } from './state-rows.ts';
import type { ServiceRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';

type Event = { at: number; text: string };

/** What a host's services and code did, oldest first. */
export async function readTimeline(
  tables: Tables,
  host: { group_id: number; address: string },
  tx: Transaction,
): Promise<Event[]> {
  const codes = await tables.hostCodes.find({ where: host, order: [['id', 'ASC']] }, tx);
  const services = await tables.services.find(
    {
      where: host,
      order: [
        ['protocol', 'ASC'],
        ['port', 'ASC'],
      ],
    },
    tx,
  );
  const events = [...codes.map(({ at, code }) => ({ at, text: code })), ...services.flatMap(serviceEvents)];
  return events.sort((a, b) => a.at - b.at);
}

/** What was never there (only looked for) has no events. */
function serviceEvents(row: ServiceRow): Event[] {
  if (row.present === 0 && row.until === null) return [];
  const port = `${row.port}/${row.protocol}`;
  const identity = identityOf(row);
  const what = [identity?.product ?? identity?.name, identity?.version].filter((part) => part !== undefined).join(' ');
  const opened = { at: row.since, text: `${port} open${what === '' ? '' : `: ${what}`}` };
  return row.until === null ? [opened] : [opened, { at: row.until, text: `${port} gone` }];
}
