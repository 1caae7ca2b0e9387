import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Transaction } from 'sequelize';
import type { Seen } from '../../src/core/model/scan.ts';
import type { PackedList } from '../../src/ports/store.ts';
import type { Tables } from './tables/tables.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Written once, with the judgement of its scan. `hosts`: its hosts, if they are packed already. */
export async function saveSeen(
  tables: Tables,
  id: number,
  seen: Seen,
  hosts: PackedList | undefined,
  tx: Transaction,
): Promise<void> {
  const { hostsUp, openPorts, ...rest } = seen;
  const detail = hosts === undefined ? await pack(JSON.stringify(rest)) : await withHosts(rest, hosts);
  await tables.seen.upsertMany([{ scan_id: id, hosts_up: hostsUp, open_ports: openPorts, detail }], ['scan_id'], tx);
}

/** Parts that are packed one by one unpack as a whole. */
async function withHosts(rest: object, { json }: PackedList): Promise<Buffer> {
  const start = JSON.stringify({ ...rest, hosts: [] }).slice(0, -'[]}'.length);
  return Buffer.concat([await pack(start), json, await pack('}')]);
}

export async function readSeen(tables: Tables, id: number): Promise<Seen | undefined> {
  const row = await tables.seen.first({ where: { scan_id: id } });
  if (row === undefined) return undefined;
  const numbers = { hostsUp: row.hosts_up, openPorts: row.open_ports };
  if (row.detail === null) return numbers;
  const detail = JSON.parse((await unpack(row.detail)).toString('utf8')) as Omit<Seen, keyof typeof numbers>;
  return { ...numbers, ...detail };
}
