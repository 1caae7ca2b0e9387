import type { Transaction } from 'sequelize';
import type { Protocol } from '../../src/core/model/observation.ts';
import type { HostCode } from '../../src/core/model/state.ts';
import type { HostHistory } from '../../src/core/report/host-chart.ts';
import { nonNull } from './rows.ts';
import { isFirst, opened } from './service-events.ts';
import { identityOf } from './state-rows.ts';
import type { HostRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';

type Event = { at: number; text: string };
type Where = { group_id: number; address: string };

/** The history of a host's services and code, oldest first, as it was recorded at the time. */
export async function readTimeline(tables: Tables, host: Where, tx: Transaction): Promise<Event[]> {
  const codes = await tables.hostCodes.find({ where: host, order: [['id', 'ASC']] }, tx);
  const services = await tables.hostEvents.find({ where: host, order: [['id', 'ASC']] }, tx);
  const row = await tables.hosts.first({ where: host }, tx);
  const recorded = services.map(({ at, text }) => ({ at, text }));
  const events = [
    ...firstCode(row, codes).map(({ at, code }) => ({ at, text: code })),
    ...codes.map(({ at, code }) => ({ at, text: code })),
    ...(row === undefined ? [] : await firstServices(tables, row, recorded, tx)),
    ...recorded,
  ];
  return events.sort((a, b) => a.at - b.at);
}

/** Services that were open when the host was first seen follow from their rows, unless they are recorded. */
async function firstServices(
  tables: Tables,
  row: HostRow,
  recorded: readonly Event[],
  tx: Transaction,
): Promise<Event[]> {
  const { group_id, address, first_seen: at } = row;
  const rows = await tables.services.find({ where: { group_id, address, since: at } }, tx);
  return rows
    .sort((a, b) => a.port - b.port)
    .flatMap((service): Event[] => {
      const name = `${service.port}/${service.protocol}`;
      const isRecorded = recorded.some((event) => event.at === at && event.text.startsWith(`${name} open`));
      if (isRecorded || !isFirst(service, row)) return [];
      const changed = recorded.find(({ text }) => text.startsWith(`${name} was `))?.text;
      const then = changed === undefined ? undefined : /^\S+ was (.+?), is /s.exec(changed)?.[1];
      return [{ at, text: `${name} ${then === undefined ? opened(service) : `open: ${then}`}` }];
    });
}

/** The same as intervals, for a picture. */
export async function readHistory(tables: Tables, host: Where, tx: Transaction): Promise<HostHistory> {
  const codes = await tables.hostCodes.find({ where: host, order: [['id', 'ASC']] }, tx);
  const services = await tables.services.find({ where: host, order: [['since', 'ASC']] }, tx);
  const row = await tables.hosts.first({ where: host }, tx);
  return {
    codes: [...firstCode(row, codes), ...codes.map(({ at, code }) => ({ at, code: code as HostCode }))],
    services: services.map((service) => ({
      ...{ protocol: service.protocol as Protocol, port: service.port, since: service.since },
      ...nonNull({ until: service.until, identity: identityOf(service) }),
    })),
  };
}

/** A host is new once, which is only recorded where there was more than that. */
function firstCode(row: HostRow | undefined, codes: readonly { code: string }[]): { at: number; code: 'new' }[] {
  return row === undefined || codes.some(({ code }) => code === 'new') ? [] : [{ at: row.first_seen, code: 'new' }];
}
