import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Transaction } from 'sequelize';
import type { FirstDetermined } from '../../src/core/model/judgement.ts';
import type { JudgementCommit, PackedList, StateStore } from '../../src/ports/store.ts';
import { batches, nonNull } from './rows.ts';
import { identityOf } from './state-rows.ts';
import type { FirstDeterminedRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Per row: a few kB packed, so that packing does not block the event loop for long. */
const FOUND_A_PART = 5_000;

type Told = Awaited<ReturnType<StateStore['firstDetermined']>>;

export async function saveFirstFound(tables: Tables, commit: JudgementCommit, tx: Transaction): Promise<void> {
  const { scanId: scan_id, groupId: group_id, at } = commit;
  let part = 0;
  for await (const { count, json } of lists(commit)) {
    const row = { scan_id, part, group_id, at, found: count, detail: Buffer.from(json) };
    await tables.firstFound.insertMany([row], tx);
    part += 1;
  }
}

async function* lists({ packedFirst = [], firstDetermined }: JudgementCommit): AsyncGenerator<PackedList, void> {
  yield* packedFirst;
  for (const found of batches(firstDetermined, FOUND_A_PART)) {
    yield { count: found.length, json: await pack(JSON.stringify(found)) };
  }
}

/** Each host and port once, in the order in which they were found. */
export async function readFirstFound(tables: Tables, groupId: number): Promise<Told> {
  const told = new Map<string, Told[number]>();
  const add = (found: Told[number]): void => {
    const subject = `${found.address}|${found.protocol ?? ''}/${found.port ?? ''}`;
    if (!told.has(subject)) told.set(subject, found);
  };
  const earlier = await tables.firstDetermined.find({ where: { group_id: groupId }, order: [['id', 'ASC']] });
  for (const row of earlier) add(fromRow(row));
  const order: [['scan_id', 'ASC'], ['part', 'ASC']] = [
    ['scan_id', 'ASC'],
    ['part', 'ASC'],
  ];
  for (const { scan_id: scanId, at, detail } of await tables.firstFound.find({ where: { group_id: groupId }, order })) {
    const found = JSON.parse((await unpack(detail)).toString('utf8')) as FirstDetermined[];
    for (const one of found) add({ ...one, scanId, at });
  }
  return [...told.values()];
}

/** How many a scan found first. */
export async function countFirstFound(tables: Tables, scanId: number): Promise<number> {
  const parts = await tables.firstFound.find({ where: { scan_id: scanId }, attributes: ['found'] });
  return parts.reduce((sum, { found }) => sum + found, await tables.firstDetermined.count({ scan_id: scanId }));
}

/** In the form in which they were stored before they were packed. */
function fromRow(row: FirstDeterminedRow): Told[number] {
  return {
    address: row.address,
    scanId: row.scan_id,
    at: row.at,
    ...nonNull({
      protocol: row.protocol as FirstDetermined['protocol'] | null,
      port: row.port,
      identity: identityOf(row),
    }),
  };
}
