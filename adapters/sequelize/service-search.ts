import type { Protocol } from '../../src/core/model/observation.ts';
import type { StateStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { countFirstFound, readFirstFound } from './first-found.ts';
import { likeLiteral, nonNull } from './rows.ts';
import { identityOf, searchable } from './state-rows.ts';

type Found = {
  group_id: number;
  address: string;
  protocol: string;
  port: number;
  since: number | string;
  identity: string | null;
};

/** Searches as users request them: services that are present now, and those first determined while learning. */
export function createServiceSearch({
  tables,
  read,
  snapshot,
  select,
}: Database): Pick<StateStore, 'findServices' | 'firstDetermined' | 'countFirstDetermined'> {
  return {
    findServices: (filter, { limit, offset }) =>
      snapshot(async (tx) => {
        const { sql, values } = condition(filter);
        const order = 'ORDER BY h.sort_key, s.protocol, s.port, s.group_id LIMIT :limit OFFSET :offset';
        const columns = 's.group_id, s.address, s.protocol, s.port, s.since, s.identity';
        const rows = await select<Found>(`SELECT ${columns} ${sql} ${order}`, { ...values, limit, offset }, tx);
        const [counted] = await select<{ total: number | string }>(`SELECT COUNT(*) AS total ${sql}`, values, tx);
        return { items: rows.map(toMatch), total: Number(counted?.total ?? 0) };
      }),
    firstDetermined: (groupId) => read(() => readFirstFound(tables, groupId)),
    countFirstDetermined: (scanId) => read(() => countFirstFound(tables, scanId)),
  };
}

/** A host that is down has nothing open, whatever is remembered about it. */
function condition(filter: Parameters<StateStore['findServices']>[0]): {
  sql: string;
  values: Record<string, unknown>;
} {
  const { groupId, port, ports, name, product, version } = filter;
  const parts = [
    's.current = 1 AND s.present = 1 AND h.present = 1',
    ...(groupId === undefined ? [] : ['s.group_id = :groupId']),
    ...(port === undefined ? [] : ['s.port = :port']),
    ...(ports === undefined
      ? []
      : [`(${ports.map((_, index) => `s.port BETWEEN :first${index} AND :last${index}`).join(' OR ')})`]),
    ...(version === undefined ? [] : [`LOWER(s.identity) LIKE :version ESCAPE '!'`]),
    ...(name === undefined ? [] : ['s.name = :name']),
    ...(product === undefined ? [] : [`s.product LIKE :product ESCAPE '!'`]),
  ];
  const from = 'FROM services s JOIN hosts h ON h.group_id = s.group_id AND h.address = s.address';
  return {
    sql: `${from} WHERE ${parts.join(' AND ')}`,
    values: nonNull({
      ...Object.fromEntries(
        (ports ?? []).flatMap(([first, last], index) => [
          [`first${index}`, first],
          [`last${index}`, last],
        ]),
      ),
      version: version === undefined ? undefined : `%${likeLiteral(version.toLowerCase())}%`,
      groupId,
      port,
      name: name === undefined ? undefined : searchable(name),
      product: product === undefined ? undefined : `%${likeLiteral(searchable(product))}%`,
    }),
  };
}

function toMatch(row: Found) {
  return {
    groupId: row.group_id,
    address: row.address,
    protocol: row.protocol as Protocol,
    port: row.port,
    since: Number(row.since),
    ...nonNull({ identity: identityOf(row) }),
  };
}
