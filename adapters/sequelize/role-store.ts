import type { Role } from '../../src/core/model/principal.ts';
import type { RoleStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { plain } from './rows.ts';

export function createRoleStore({ tables, read, write }: Database): RoleStore {
  const { roles } = tables;
  return {
    grant: ({ who, role, grantedBy, grantedAt }) =>
      write((tx) =>
        roles.upsertMany([{ who: plain(who), role, granted_by: grantedBy, granted_at: grantedAt }], ['who'], tx),
      ),
    revoke: (who) => write(async (tx) => (await roles.remove({ who: plain(who) }, tx)) > 0),
    list: () =>
      read(async () => {
        const rows = await roles.find({
          order: [
            ['granted_at', 'ASC'],
            ['who', 'ASC'],
          ],
        });
        return rows.map((row) => ({
          who: row.who,
          role: row.role as Role,
          grantedBy: row.granted_by,
          grantedAt: row.granted_at,
        }));
      }),
  };
}
