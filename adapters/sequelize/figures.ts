import type { Figures } from '../../src/ports/store.ts';
import type { Database } from './database.ts';

type Count = { n: number | string };
type Times = { name: string; judged: number | string | null; overdue: string | null };

const GROUPS = `
  SELECT g.name AS name,
    (SELECT MAX(s.finished_at) FROM scans s WHERE s.group_id = g.id AND s.kind = 'scan' AND s.status = 'done') AS judged,
    (SELECT o.value FROM settings o WHERE o.name = CONCAT('overdue:', g.id)) AS overdue
  FROM groups g ORDER BY g.name`;

/** At once and by the database: a scrape every few seconds must cost next to nothing. */
export async function readFigures({ select, snapshot, dialect }: Database): Promise<Figures> {
  const named = (sql: string) =>
    sql.replace('FROM groups g', dialect === 'mysql' || dialect === 'mariadb' ? 'FROM `groups` g' : 'FROM groups g');
  const joined = dialect === 'sqlite' ? GROUPS.replace("CONCAT('overdue:', g.id)", "'overdue:' || g.id") : GROUPS;
  return snapshot(async (tx) => {
    const count = async <R extends object>(sql: string) =>
      (await select<R & Count>(sql, {}, tx)).map((row) => ({ ...row, count: Number(row.n) }));
    const one = async (sql: string) => (await count(sql))[0]?.count ?? 0;
    const waiting = await select<{ platform: string; at: number | string }>(
      "SELECT platform, MIN(created_at) AS at FROM messages WHERE status = 'pending' AND ref_id IS NULL GROUP BY platform",
      {},
      tx,
    );
    const groups = await select<Times>(named(joined), {}, tx);
    return {
      scans: await count<{ status: string }>('SELECT status, COUNT(*) AS n FROM scans GROUP BY status'),
      chunks: await count<{ outcome: string }>('SELECT outcome, COUNT(*) AS n FROM chunk_results GROUP BY outcome'),
      deltas: await count<{ kind: string; grade: string; risk: string; state: string }>(
        'SELECT kind, grade, risk, state, COUNT(*) AS n FROM deltas GROUP BY kind, grade, risk, state',
      ),
      falseAlarms: await one("SELECT COUNT(*) AS n FROM deltas WHERE answer = 'false-alarm'"),
      undeterminedHosts: await one("SELECT COUNT(*) AS n FROM hosts WHERE code = 'undetermined'"),
      messages: await count<{ platform: string; status: string }>(
        'SELECT platform, status, COUNT(*) AS n FROM messages GROUP BY platform, status',
      ),
      waitingSince: waiting.map(({ platform, at }) => ({ platform, at: Number(at) })),
      groups: groups.map(({ name, judged, overdue }) => ({
        group: name,
        ...(judged === null ? {} : { judgedAt: Number(judged) }),
        ...(overdue ? { overdueSince: Number(overdue) } : {}),
      })),
    };
  });
}
