import { type Options, QueryTypes, type Sequelize, Transaction } from 'sequelize';
import type { DatabaseAddress, Dialect } from './database-url.ts';

/** Everything in which the databases differ, one row each. */
export type DialectRules = {
  /** Sequelize's dialect. One driver serves MySQL and MariaDB. */
  driver: 'sqlite' | 'postgres' | 'mysql';
  /** For people. */
  name: string;
  /** In addition to the address. */
  connect: Options;
  /** How a writing transaction begins. */
  writing: { type?: Transaction.TYPES };
  /** How several reads of one snapshot begin. */
  reading: { type?: Transaction.TYPES; isolationLevel?: Transaction.ISOLATION_LEVELS };
  /** SQLite admits one writer by itself; elsewhere writers queue at a row. */
  locksRow: boolean;
  /** Whether a schema change is rolled back with its transaction. */
  schemaRollsBack: boolean;
  /** Runs `work` while no other process changes the schema: there may be no row to lock yet. */
  alone<T>(sequelize: Sequelize, transaction: Transaction, work: () => Promise<T>): Promise<T>;
};

/** A write that takes longer than this is hopeless, ms. */
const STATEMENT_LIMIT_MS = 60_000;
const CONNECT_LIMIT_MS = 10_000;
/** How long one start waits for the migrations of another, s. */
const MIGRATION_WAIT_S = 300;
/** Any number that no other program locks in this database. */
const MIGRATION_LOCK = 7_316_822;
const POOL = { max: 8, min: 0, acquire: 30_000, idle: 10_000 };

const SNAPSHOT = { isolationLevel: Transaction.ISOLATION_LEVELS.REPEATABLE_READ };

const SQLITE: DialectRules = {
  driver: 'sqlite',
  name: 'SQLite',
  connect: {},
  writing: { type: Transaction.TYPES.IMMEDIATE },
  reading: { type: Transaction.TYPES.DEFERRED },
  locksRow: false,
  schemaRollsBack: true,
  alone: (_sequelize, _transaction, work) => work(),
};

const POSTGRES: DialectRules = {
  driver: 'postgres',
  name: 'PostgreSQL',
  connect: {
    pool: POOL,
    dialectOptions: {
      connectionTimeoutMillis: CONNECT_LIMIT_MS,
      keepAlive: true,
      statement_timeout: STATEMENT_LIMIT_MS,
      idle_in_transaction_session_timeout: STATEMENT_LIMIT_MS,
    },
  },
  writing: {},
  reading: SNAPSHOT,
  locksRow: true,
  schemaRollsBack: true,
  // Two processes that create their first table at once collide in the catalogue of types, even with IF NOT EXISTS.
  async alone(sequelize, transaction, work) {
    await sequelize.query(`SET LOCAL statement_timeout = '${MIGRATION_WAIT_S}s'`, { transaction });
    await sequelize.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`, { transaction });
    return work();
  },
};

const MYSQL: DialectRules = {
  driver: 'mysql',
  name: 'MySQL',
  connect: {
    pool: POOL,
    dialectOptions: {
      connectTimeout: CONNECT_LIMIT_MS,
      enableKeepAlive: true,
      charset: 'utf8mb4_bin',
      // An update counts the rows that it matched, as elsewhere; without the flag only those that it changed.
      flags: ['+FOUND_ROWS'],
    },
  },
  writing: {},
  reading: SNAPSHOT,
  locksRow: true,
  // Each schema change commits by itself and releases the transaction's row locks: only a named lock lasts.
  schemaRollsBack: false,
  async alone(sequelize, transaction, work) {
    const name = `netdelta-migrations-${MIGRATION_LOCK}`;
    const ask = (sql: string) =>
      sequelize.query<{ held: number | null }>(sql, { type: QueryTypes.SELECT, transaction, replacements: { name } });
    const [lock] = await ask(`SELECT GET_LOCK(:name, ${MIGRATION_WAIT_S}) AS held`);
    if (lock?.held !== 1) throw new Error('another NetDelta has been changing the schema for too long');
    try {
      return await work();
    } finally {
      await ask('SELECT RELEASE_LOCK(:name) AS held');
    }
  },
};

const RULES: Record<Dialect, DialectRules> = {
  sqlite: SQLITE,
  postgres: POSTGRES,
  mysql: MYSQL,
  mariadb: { ...MYSQL, name: 'MariaDB' },
};

export const rulesOf = ({ dialect }: Pick<DatabaseAddress, 'dialect'>): DialectRules => RULES[dialect];

/**
 * `IN ()` is a syntax error on the servers and matches nothing on SQLite: an empty list becomes one that matches
 * nothing anywhere.
 */
export function withoutEmptyLists(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    Array.isArray(value) && value.length === 0 ? [null] : value,
  ]);
  return Object.fromEntries(entries);
}
