import type { DeltaStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';

/** A new host that nobody has answered, beside a port that was found open with it. */
const CAME_WITH = `host.scan_id = part.scan_id AND host.group_id = part.group_id AND host.address = part.address
  AND host.kind = 'host-appeared' AND host.state = 'confirmed' AND host.answer = 'open'`;

const OPEN = `part.state = 'confirmed' AND part.answer = 'open' AND part.part_of IS NULL AND part.resolved_at IS NULL`;

/** What waits for an answer, as people see it: a new host is one item, whatever is open on it. */
export function createCounts({ read, select }: Database): Pick<DeltaStore, 'countOpen' | 'contents'> {
  return {
    countOpen: () =>
      read(async () => {
        const sql = `SELECT part.group_id AS group_id, COUNT(*) AS open FROM deltas part WHERE ${OPEN}
          AND NOT (part.kind = 'service-added' AND EXISTS (SELECT 1 FROM deltas host WHERE ${CAME_WITH}))
          GROUP BY part.group_id`;
        const rows = await select<{ group_id: number; open: number | string }>(sql, {});
        return new Map(rows.map((row) => [row.group_id, Number(row.open)]));
      }),
    contents: () =>
      read(async () => {
        const sql = `SELECT part.id AS id, host.id AS item, host.resolved_at AS resolved_at
          FROM deltas part JOIN deltas host ON ${CAME_WITH} WHERE ${OPEN} AND part.kind = 'service-added'`;
        const rows = await select<{ id: number; item: number; resolved_at: number | string | null }>(sql, {});
        return new Map(rows.map(({ id, item, resolved_at }) => [id, { item, over: resolved_at !== null }]));
      }),
  };
}
