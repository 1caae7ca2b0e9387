import { Op, type Transaction } from 'sequelize';
import type { HostState, Memory } from '../../src/core/model/state.ts';
import { BeliefChanged } from '../../src/ports/store.ts';
import { groupPacking } from './packed-memory.ts';
import { batches } from './rows.ts';
import { serviceEvents } from './service-events.ts';
import { hostRow, intervalKey, sameRow, serviceRow } from './state-rows.ts';
import type { HostRow, ServiceRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';

export type HostChanges = {
  groupId: number;
  at: number;
  hosts: readonly HostState[];
  /** For those that are steady from now on. */
  steady?: ReadonlyMap<string, string> | undefined;
  /** Why it changed when no scan explains it: shown in the history. */
  why?: string;
};

const HOSTS_A_BATCH = 500;

/** Writes what differs from the stored rows, and nothing else. */
export async function saveHosts(tables: Tables, changes: HostChanges, tx: Transaction): Promise<void> {
  for (const hosts of batches(changes.hosts, HOSTS_A_BATCH)) {
    const newHosts = await saveHostRows(tables, { ...changes, hosts }, tx);
    await saveServices(tables, { ...changes, hosts }, newHosts, tx);
  }
}

/** Returns those that were not known. */
async function saveHostRows(
  tables: Tables,
  { groupId, at, hosts, steady }: HostChanges,
  tx: Transaction,
): Promise<Map<string, HostRow>> {
  const address = hosts.map((host) => host.address);
  const stored = await tables.hosts.find({ where: { group_id: groupId, address } }, tx);
  const before = new Map(stored.map((row) => [row.address, row]));
  const rows = hosts.map((host) => hostRow(groupId, host, steady?.get(host.address)));
  const changed = rows.filter((row) => {
    const old = before.get(row.address);
    return old === undefined || !sameRow(old, row);
  });
  const fresh = new Map(rows.flatMap((row) => (before.has(row.address) ? [] : [[row.address, row] as const])));
  // The first sighting of a new host need not be recorded.
  const isNews = (row: HostRow) => !fresh.has(row.address) || row.code !== 'new' || row.first_seen !== at;
  const newCodes = changed.filter((row) => before.get(row.address)?.code !== row.code && isNews(row));
  await tables.hosts.upsertMany(changed, ['group_id', 'address'], tx);
  await tables.hostCodes.insertMany(
    newCodes.map((row) => ({ group_id: groupId, address: row.address, at, code: row.code })),
    tx,
  );
  return fresh;
}

/** Hosts whose code settles while nothing else about them has changed. */
export async function settleHosts(
  tables: Tables,
  { groupId, at, settled }: { groupId: number; at: number; settled: readonly string[] },
  tx: Transaction,
): Promise<void> {
  for (const address of batches(settled, HOSTS_A_BATCH)) {
    // A new host that is unchanged in the next scan is no event; the end of a change is one.
    const where = { group_id: groupId, address, code: { [Op.ne]: 'new' } };
    const settling = await tables.hosts.find({ where, attributes: ['address'] }, tx);
    const codes = settling.map((row) => ({ group_id: groupId, address: row.address, at, code: 'unchanged' }));
    await tables.hostCodes.insertMany(codes, tx);
    await tables.hosts.update({ code: 'unchanged' }, { group_id: groupId, address }, tx);
  }
}

/** An interval that is over and has been replaced by a later one stays for the timeline. */
async function saveServices(
  tables: Tables,
  changes: HostChanges,
  newHosts: ReadonlyMap<string, HostRow>,
  tx: Transaction,
): Promise<void> {
  const { groupId, at, hosts } = changes;
  const address = hosts.map((host) => host.address);
  const known = address.filter((one) => !newHosts.has(one));
  const where = { group_id: groupId, address: known, current: 1 };
  const stored = known.length === 0 ? [] : await tables.services.find({ where }, tx);
  const before = new Map(stored.map((row) => [intervalKey(row), row]));
  const rows = hosts.flatMap((host) =>
    host.services.map((service, position) => serviceRow(groupId, host.address, service, position)),
  );
  const isChanged = (row: ServiceRow) => {
    const old = before.get(intervalKey(row));
    return old === undefined || !sameRow(old, row);
  };
  // Of new hosts nothing is stored.
  const changed = stored.length === 0 ? rows : rows.filter(isChanged);
  const past = stored.length === 0 ? [] : replaced(stored, rows).map((row) => ended(row, at));
  await tables.hostEvents.insertMany(serviceEvents(changes, before, changed, past, newHosts), tx);
  await tables.services.upsertMany([...changed, ...past], ['group_id', 'address', 'protocol', 'port', 'since'], tx);
}

function replaced(stored: readonly ServiceRow[], rows: readonly ServiceRow[]): ServiceRow[] {
  const kept = new Set(rows.map(intervalKey));
  return stored.filter((row) => !kept.has(intervalKey(row)));
}

function ended(row: ServiceRow, at: number): ServiceRow {
  return { ...row, current: 0, present: 0, until: row.until ?? (row.present === 1 ? at : null) };
}

/**
 * The judge's memory of the whole group. `basis`: the version of the belief by which this was judged; throws
 * BeliefChanged when another bot has written one since.
 */
export async function saveMemory(
  tables: Tables,
  { groupId, memory, basis }: { groupId: number; memory: Memory; basis: number | undefined },
  tx: Transaction,
): Promise<void> {
  const stored = await tables.memories.first({ where: { group_id: groupId }, attributes: ['version'] }, tx);
  const version = stored?.version ?? 0;
  if (basis !== undefined && basis !== version) throw new BeliefChanged(groupId);
  const row = { group_id: groupId, memory: groupPacking.pack(memory), version: version + 1 };
  await tables.memories.upsertMany([row], ['group_id'], tx);
}
