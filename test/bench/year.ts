import type { Database } from '../../adapters/sequelize/database.ts';
import { GROUP_DEFAULTS } from '../../src/core/model/group.ts';
import { DEFAULT_POLICY } from '../../src/core/model/policy.ts';

export type Year = { groups: number; hosts: number; days: number; deltasADay: number; to: number; seed: number };

const DAY_MS = 86_400_000;

/** The same length as the judge's own. */
const MEMORY = JSON.stringify({ filter: [0.98, 0.01, 0.01], seen: Array.from({ length: 20 }, (_, scan) => scan) });

/**
 * Knuth's multiplicative hash of a row's number: the same for the same seed, and a hundred thousand rows in one
 * statement.
 */
const HASH = '(((n + :seed) * 2654435761) % 4294967296 / 64)';
const oneOf = (words: readonly string[], shift: number) =>
  `CASE ${HASH} / ${shift} % ${words.length} ${words.map((word, index) => `WHEN ${index} THEN '${word}'`).join(' ')} END`;
const numbers = (count: string) =>
  `WITH RECURSIVE rows(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM rows WHERE n + 1 < ${count})`;
const PORT = `(20 + ${HASH} / 7 % 8)`;

const SCANS = `${numbers(':groups * :days')}
  INSERT INTO scans (id, group_id, number, kind, status, origin, settings, site, chunk_count, hosts_total, hosts_up, percent,
    notes, queued_at, started_at, finished_at)
  SELECT n + 1, n / :days + 1, n % :days + 1, 'scan', 'done', '{"type":"schedule","schedule":1,"dueAt":0}',
    '{"profile":"standard","ports":"1-10000","tcp":true,"udp":false,"versionDetection":true,"timing":4}', 'local', 1, 256,
    :hosts, 100, '[]', :to - (:days - n % :days) * ${DAY_MS}, 0, :to - (:days - n % :days) * ${DAY_MS} + 60000 FROM rows`;

const HOSTS = `${numbers(':groups * :hosts')}
  INSERT INTO hosts (group_id, address, sort_key, code, present, first_seen, last_seen, hostnames, memory)
  SELECT n / :hosts + 1, '10.' || (n / :hosts) || '.0.' || (n % :hosts), n,
    ${oneOf(['unchanged', 'unchanged', 'unchanged', 'services-changed', 'unresponsive', 'down'], 1)}, 1,
    :to - :days * ${DAY_MS}, :to, '[]', :memory FROM rows`;

/** Eight ports per host, each replaced once. */
const SERVICES = `${numbers(':groups * :hosts * 16')}
  INSERT INTO services (group_id, address, protocol, port, since, until, present, current, position, identity, name, memory)
  SELECT n / 16 / :hosts + 1, '10.' || (n / 16 / :hosts) || '.0.' || (n / 16 % :hosts), 'tcp', 20 + n / 2 % 8,
    :to - CASE n % 2 WHEN 0 THEN :days ELSE ${HASH} % :days END * ${DAY_MS} + n % 2,
    CASE n % 2 WHEN 0 THEN :to - ${HASH} % :days * ${DAY_MS} END, n % 2, n % 2, n / 2 % 8,
    '{"name":"http","product":"nginx","version":"1.18.0"}', 'http', :memory FROM rows`;

const DELTAS = `${numbers(':groups * :days * :daily')}
  INSERT INTO deltas (group_id, scan_id, commit_scan_id, commit_index, at, kind, address, protocol, port, subject, state,
    "before", "after", grade, probability, evidence, held_back, risk, first_seen, last_seen, answer, answered_by, answered_at)
  SELECT n / :daily / :days + 1, n / :daily + 1, n / :daily + 1, n % :daily,
    :to - (:days - n / :daily % :days) * ${DAY_MS} + 60000,
    ${oneOf(['service-added', 'service-removed', 'service-changed', 'host-appeared', 'host-down', 'host-recovered'], 3)},
    '10.' || (n / :daily / :days) || '.0.' || (${HASH} % :hosts), 'tcp', ${PORT}, 'tcp/' || ${PORT},
    CASE WHEN ${HASH} % 10 < 3 THEN 'suppressed' ELSE 'confirmed' END,
    '{"state":"closed"}', '{"state":"open","identity":{"name":"http","product":"nginx"}}',
    ${oneOf(['green', 'green', 'amber', 'red'], 5)}, 0.01,
    '["open: syn-ack received","was closed or rejected before","asked again twice, open"]',
    CASE WHEN ${HASH} % 10 < 3 THEN 'unstable: changed 12 times in 30 scans' END,
    ${oneOf(['low', 'medium', 'high'], 11)}, :to, :to,
    ${oneOf(['open', 'acknowledged', 'acknowledged', 'expected', 'false-alarm'], 13)}, 'slack:U1',
    :to - (:days - n / :daily % :days) * ${DAY_MS} + 60000 + ${HASH} % ${DAY_MS} FROM rows`;

/** A history as a year of nightly scans leaves it in SQLite, the same for the same seed. */
export async function writeYear(database: Database, year: Year): Promise<void> {
  const spec = { ...GROUP_DEFAULTS, policy: DEFAULT_POLICY, targets: ['10.0.0.0/24'], exclude: [] };
  const values = { ...year, daily: year.deltasADay, memory: MEMORY };
  await database.write(async (transaction) => {
    for (let group = 1; group <= year.groups; group += 1) {
      const name = `office-${group}`;
      const row = { name, folded: name, status: 'active', spec: JSON.stringify(spec), created_by: 'console:local' };
      await database.tables.groups.insert({ ...row, created_at: year.to }, transaction);
    }
    for (const sql of [SCANS, HOSTS, SERVICES, DELTAS]) {
      await database.sequelize.query(sql, { replacements: values, transaction });
    }
  });
}
