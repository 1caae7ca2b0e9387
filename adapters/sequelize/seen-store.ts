import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Transaction } from 'sequelize';
import type { Seen } from '../../src/core/model/scan.ts';
import type { Tables } from './tables/tables.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Written once, with the judgement of its scan. */
export async function saveSeen(tables: Tables, id: number, seen: Seen, tx: Transaction): Promise<void> {
  const { hostsUp, openPorts, ...detail } = seen;
  const row = { scan_id: id, hosts_up: hostsUp, open_ports: openPorts, detail: await pack(JSON.stringify(detail)) };
  await tables.seen.upsertMany([row], ['scan_id'], tx);
}

export async function readSeen(tables: Tables, id: number): Promise<Seen | undefined> {
  const row = await tables.seen.first({ where: { scan_id: id } });
  if (row === undefined) return undefined;
  const numbers = { hostsUp: row.hosts_up, openPorts: row.open_ports };
  if (row.detail === null) return numbers;
  const detail = JSON.parse((await unpack(row.detail)).toString('utf8')) as Omit<Seen, keyof typeof numbers>;
  return { ...numbers, ...detail };
}
