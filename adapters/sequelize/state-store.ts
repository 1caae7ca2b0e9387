import { Op, type Transaction } from 'sequelize';
import type { HostCode, HostState, Memory } from '../../src/core/model/state.ts';
import type { HostOutline, StateStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { readIdentityReads } from './identity-reads.ts';
import { groupPacking } from './packed-memory.ts';
import { batches, likeLiteral, nonNull, plain } from './rows.ts';
import { saveHosts, saveMemory } from './save-hosts.ts';
import { createServiceSearch } from './service-search.ts';
import { saveSettings } from './settings-store.ts';
import { BELIEVED, type BelievedService, toHost } from './state-rows.ts';
import type { HostRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';
import { readHistory, readTimeline } from './timeline.ts';

/** Small enough that reading a large group leaves time for other work on the event loop. */
const HOSTS_A_PAGE = 2000;
const ADDRESSES_A_PAGE = 5000;
/** The most addresses listed in one statement. */
const HOSTS_A_LIST = 500;

export function createStateStore(database: Database): StateStore {
  const { tables, read, snapshot, select, write } = database;
  return {
    ...createServiceSearch(database),
    load: (groupId) => snapshot((tx) => load(tables, groupId, tx)),
    outline: (groupId) => snapshot((tx) => outline(tables, groupId, tx)),
    hosts: (groupId, addresses) =>
      snapshot(async (tx) => {
        const found: HostState[] = [];
        for (const address of batches(addresses.map(plain), HOSTS_A_LIST)) {
          const rows = await tables.hosts.find({ where: { group_id: groupId, address } }, tx);
          for (const host of await withServices(tables, rows, tx)) found.push(host);
        }
        return found;
      }),
    correct: (groupId, { group, hosts, at, why, basis, settings = [] }) =>
      write(async (tx) => {
        await saveMemory(tables, { groupId, memory: group, basis }, tx);
        await saveHosts(tables, { groupId, at, hosts, why }, tx);
        await saveSettings(tables, settings, tx);
      }),
    host: (groupId, address) =>
      snapshot(async (tx) => {
        const rows = await tables.hosts.find({ where: { group_id: groupId, address: plain(address) } }, tx);
        return (await withServices(tables, rows, tx))[0];
      }),
    hostsByAddress: (address) =>
      snapshot(async (tx) => {
        const rows = await tables.hosts.find({ where: { address: plain(address) }, order: [['group_id', 'ASC']] }, tx);
        return (await withServices(tables, rows, tx)).map((state, index) => ({
          groupId: rows[index]?.group_id ?? 0,
          state,
        }));
      }),
    listHosts: (groupId, filter, { limit, offset }) =>
      snapshot(async (tx) => {
        const where = { group_id: groupId, ...nonNull({ code: filter.code }) };
        const rows = await tables.hosts.find({ where, order: [['sort_key', 'ASC']], limit, offset }, tx);
        return { items: await withServices(tables, rows, tx), total: await tables.hosts.count(where, tx) };
      }),
    upAddresses: (groupId) => read(() => upAddresses(database, groupId)),
    identityReads: (groupId, only) => snapshot((tx) => readIdentityReads(tables, groupId, only, tx)),
    countByCode: (groupId) =>
      read(async () => {
        const sql = 'SELECT code, COUNT(*) AS hosts FROM hosts WHERE group_id = :groupId GROUP BY code';
        const rows = await select<{ code: HostCode; hosts: number | string }>(sql, { groupId });
        return Object.fromEntries(rows.map(({ code, hosts }) => [code, Number(hosts)]));
      }),
    completeAddress: (prefix, limit) =>
      read(async () => {
        const sql = `SELECT address FROM hosts WHERE address LIKE :pattern ESCAPE '!'
          GROUP BY address, sort_key ORDER BY sort_key LIMIT :limit`;
        const rows = await select<{ address: string }>(sql, { pattern: `${likeLiteral(prefix)}%`, limit });
        return rows.map(({ address }) => address);
      }),
    history: (groupId, address) =>
      snapshot((tx) => readHistory(tables, { group_id: groupId, address: plain(address) }, tx)),
    timeline: (groupId, address) =>
      snapshot((tx) => readTimeline(tables, { group_id: groupId, address: plain(address) }, tx)),
  };
}

/** Page by page, so that other work on the event loop gets its turn. */
async function upAddresses({ select }: Database, groupId: number): Promise<string[]> {
  const sql = `SELECT address FROM hosts WHERE group_id = :groupId AND address > :after AND present = 1
    ORDER BY address LIMIT :limit`;
  const addresses: string[] = [];
  for (;;) {
    const after = addresses.at(-1) ?? '';
    const rows = await select<{ address: string }>(sql, { groupId, after, limit: ADDRESSES_A_PAGE });
    for (const { address } of rows) addresses.push(address);
    if (rows.length < ADDRESSES_A_PAGE) return addresses;
  }
}

async function load(
  tables: Tables,
  groupId: number,
  tx: Transaction,
): Promise<{ group: Memory; hosts: Map<string, HostState>; version: number }> {
  const memory = await tables.memories.first({ where: { group_id: groupId } }, tx);
  const hosts = new Map<string, HostState>();
  let after = '';
  for (;;) {
    const where = { group_id: groupId, address: { [Op.gt]: after } };
    const rows = await tables.hosts.find({ where, order: [['address', 'ASC']], limit: HOSTS_A_PAGE }, tx);
    const last = rows.at(-1);
    if (last === undefined) break;
    const between = { [Op.gt]: after, [Op.lte]: last.address };
    const services = await tables.services.find(
      { where: { group_id: groupId, address: between, current: 1 }, attributes: BELIEVED },
      tx,
    );
    for (const host of join(rows, services)) hosts.set(host.address, host);
    after = last.address;
  }
  return {
    group: memory === undefined ? {} : groupPacking.unpack(memory.memory),
    hosts,
    version: memory?.version ?? 0,
  };
}

async function outline(
  tables: Tables,
  groupId: number,
  tx: Transaction,
): Promise<{ group: Memory; hosts: Map<string, HostOutline>; version: number }> {
  const memory = await tables.memories.first({ where: { group_id: groupId } }, tx);
  const hosts = new Map<string, HostOutline>();
  for (let after = ''; ; ) {
    const where = { group_id: groupId, address: { [Op.gt]: after } };
    const attributes = ['address', 'code', 'steady'] as const;
    const rows = await tables.hosts.find(
      { where, attributes, order: [['address', 'ASC']], limit: ADDRESSES_A_PAGE },
      tx,
    );
    for (const { address, code, steady } of rows) {
      hosts.set(address, { steady: steady ?? '', unchanged: code === 'unchanged' });
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.address;
  }
  return {
    group: memory === undefined ? {} : groupPacking.unpack(memory.memory),
    hosts,
    version: memory?.version ?? 0,
  };
}

async function withServices(tables: Tables, rows: readonly HostRow[], tx: Transaction): Promise<HostState[]> {
  if (rows.length === 0) return [];
  const group_id = [...new Set(rows.map((row) => row.group_id))];
  const address = rows.map((row) => row.address);
  return join(rows, await tables.services.find({ where: { group_id, address, current: 1 }, attributes: BELIEVED }, tx));
}

function join(rows: readonly HostRow[], services: readonly BelievedService[]): HostState[] {
  const key = (row: { group_id: number; address: string }) => `${row.group_id}|${row.address}`;
  const byHost = new Map<string, BelievedService[]>(rows.map((row) => [key(row), []]));
  for (const service of services) byHost.get(key(service))?.push(service);
  return rows.map((row) => toHost(row, byHost.get(key(row)) ?? []));
}
