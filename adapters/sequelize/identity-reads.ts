import { Op, type Transaction } from 'sequelize';
import { type IdentityRead, withRead } from '../../src/core/model/identity-reads.ts';
import type { JudgementCommit } from '../../src/ports/store.ts';
import { batches, fromJson, plain } from './rows.ts';
import type { IdentityReadRow } from './tables/state-tables.ts';
import type { Tables } from './tables/tables.ts';

const HOSTS_A_BATCH = 500;
const HOSTS_A_PAGE = 5000;

export async function saveIdentityReads(tables: Tables, commit: JudgementCommit, tx: Transaction): Promise<void> {
  const { identified, groupId: group_id, at } = commit;
  if (identified === undefined) return;
  const { askedAt, site, hosts } = identified;
  for (const batch of batches(hosts, HOSTS_A_BATCH)) {
    const address = batch.map((host) => plain(host.address));
    const stored = await tables.identityReads.find({ where: { group_id, address } }, tx);
    const before = new Map(stored.map((row) => [row.address, readsIn(row)]));
    const rows = batch.map((host) => ({
      group_id,
      address: host.address,
      detail: JSON.stringify(withRead(before.get(host.address) ?? [], { tcp: host.tcp, askedAt, at, site })),
    }));
    await tables.identityReads.upsertMany(rows, ['group_id', 'address'], tx);
  }
}

/** Page by page, so that other work on the event loop gets its turn. */
export async function readIdentityReads(
  tables: Tables,
  groupId: number,
  only: string | undefined,
  tx: Transaction,
): Promise<Map<string, readonly IdentityRead[]>> {
  const reads = new Map<string, readonly IdentityRead[]>();
  for (let after = ''; ; ) {
    const where = { group_id: groupId, address: only === undefined ? { [Op.gt]: after } : plain(only) };
    const page = { where, order: [['address', 'ASC']] as [string, string][], limit: HOSTS_A_PAGE };
    const rows = await tables.identityReads.find(page, tx);
    for (const row of rows) reads.set(row.address, readsIn(row));
    const last = rows.at(-1);
    if (last === undefined || rows.length < HOSTS_A_PAGE) return reads;
    after = last.address;
  }
}

const readsIn = ({ detail }: IdentityReadRow): readonly IdentityRead[] => fromJson<IdentityRead[]>(detail);
