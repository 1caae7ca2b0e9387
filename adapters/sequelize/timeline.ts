import type { Transaction } from 'sequelize';
import type { Tables } from './tables/tables.ts';

type Event = { at: number; text: string };

/** What a host's services and code did, oldest first, as it was recorded when it happened. */
export async function readTimeline(
  tables: Tables,
  host: { group_id: number; address: string },
  tx: Transaction,
): Promise<Event[]> {
  const codes = await tables.hostCodes.find({ where: host, order: [['id', 'ASC']] }, tx);
  const services = await tables.hostEvents.find({ where: host, order: [['id', 'ASC']] }, tx);
  const events = [
    ...codes.map(({ at, code }) => ({ at, text: code })),
    ...services.map(({ at, text }) => ({ at, text })),
  ];
  return events.sort((a, b) => a.at - b.at);
}
