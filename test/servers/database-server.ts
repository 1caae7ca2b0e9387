import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sequelize } from 'sequelize';
import { freePort } from '../free-ports.ts';
import { isRoot, runAs, type ServerPlan, type ServerProcess, serverProcess } from './server-process.ts';

/** A database server of Debian's packages on loopback, with files of its own. */
export type DatabaseServer = ServerProcess & {
  name: 'PostgreSQL' | 'MariaDB';
  /** The address of a new, empty database. */
  create(): Promise<string>;
  /** Drops what `create` made, even while somebody is still connected to it. */
  drop(url: string): Promise<void>;
  /** Empties all tables except the list of migrations and the row that writers lock. */
  empty(url: string): Promise<void>;
  /** Cuts every connection, like a restart or a firewall. */
  cutConnections(): Promise<void>;
  close(): Promise<void>;
};

/** Why tests on a server can't run here; undefined when they can. */
export function serverObstacle(name: DatabaseServer['name']): string | undefined {
  const there = name === 'MariaDB' ? existsSync('/usr/sbin/mariadbd') : newestPostgres() !== undefined;
  if (there) return undefined;
  return `${name} is not installed (Debian: apt-get install ${name === 'MariaDB' ? 'mariadb-server' : 'postgresql'})`;
}

const USER = 'netdelta';
const PASSWORD = 'only-on-loopback';

export async function startPostgres(): Promise<DatabaseServer> {
  const bin = newestPostgres() ?? '';
  const { directory, remove } = ownDirectory('pg', 'postgres');
  const data = join(directory, 'data');
  prepared('postgres', data, (made) =>
    runAs('postgres', join(bin, 'initdb'), ['-D', made, '-U', USER, '--auth=trust', '--no-sync', '-E', 'UTF8']),
  );
  const port = await freePort();
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: directory, fsync: 'off' };
  const more = { full_page_writes: 'off', shared_buffers: '16MB', max_connections: 60 };
  const args = Object.entries({ ...settings, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const urlOf = (database: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const plan: Omit<ServerPlan, 'answers'> = {
    command: join(bin, 'postgres'),
    args: ['-D', data, ...args],
    stopSignal: 'SIGINT',
    account: 'postgres',
  };
  const cut =
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL';
  return serverOf('PostgreSQL', plan, {
    urlOf,
    admin: 'postgres',
    cut,
    remove,
    unchecked: "SET session_replication_role = 'replica'",
    force: ' WITH (FORCE)',
  });
}

export async function startMariadb(): Promise<DatabaseServer> {
  const { directory, remove } = ownDirectory('maria', 'mysql');
  const data = join(directory, 'data');
  const account = isRoot() ? ['--user=mysql'] : [];
  prepared('mysql', data, (made) =>
    runAs('mysql', 'mariadb-install-db', [
      ...['--no-defaults', `--datadir=${made}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      ...account,
    ]),
  );
  const port = await freePort();
  const grants = join(directory, 'grants.sql');
  const user = `'${USER}'@'%'`;
  writeFileSync(
    grants,
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY '${PASSWORD}';\nGRANT ALL ON *.* TO ${user} WITH GRANT OPTION;\n`,
    { mode: 0o644 },
  );
  const args = [
    ...['--no-defaults', `--datadir=${data}`, `--socket=${join(directory, 's.sock')}`, `--port=${port}`],
    ...['--bind-address=127.0.0.1', `--init-file=${grants}`, `--pid-file=${join(directory, 'pid')}`, '--skip-log-bin'],
    ...['--innodb-flush-log-at-trx-commit=2', '--innodb-buffer-pool-size=24M', '--innodb-log-file-size=8M'],
    ...['--performance-schema=off', '--skip-name-resolve', '--innodb-flush-method=nosync'],
  ];
  const urlOf = (database: string) => `mariadb://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  const plan = { command: '/usr/sbin/mariadbd', args, stopSignal: 'SIGTERM' as const, account: 'mysql' };
  return serverOf('MariaDB', plan, {
    urlOf,
    admin: 'mysql',
    cut: `KILL USER ${USER}`,
    remove,
    unchecked: 'SET FOREIGN_KEY_CHECKS = 0',
    force: '',
  });
}

type Specifics = {
  urlOf(database: string): string;
  /** A database that always exists. */
  admin: string;
  cut: string;
  /** Switches foreign key checks off, for this connection. */
  unchecked: string;
  /** After `DROP DATABASE name`. */
  force: string;
  remove(): void;
};

async function serverOf(
  name: DatabaseServer['name'],
  plan: Omit<ServerPlan, 'answers'>,
  { urlOf, admin, cut, unchecked, force, remove }: Specifics,
): Promise<DatabaseServer> {
  const ask = (sql: string) => asking(urlOf(admin), (sequelize) => sequelize.query(sql));
  const answers = async () => void (await ask('SELECT 1'));
  const server = serverProcess({ ...plan, answers });
  let made = 0;
  await server.start();
  return {
    ...server,
    name,
    async create() {
      const database = `netdelta_${++made}`;
      await ask(`CREATE DATABASE ${database}`);
      return urlOf(database);
    },
    async drop(url) {
      await ask(`DROP DATABASE ${new URL(url).pathname.slice(1)}${force}`);
    },
    empty: (url) => asking(url, (sequelize) => empty(sequelize, unchecked)),
    cutConnections: () => ask(cut).then(ignored, ignored),
    async close() {
      await server.kill();
      remove();
    },
  };
}

const ignored = () => undefined;

/** One connection, for one query. */
export async function asking<T>(url: string, work: (sequelize: Sequelize) => Promise<T>): Promise<T> {
  const sequelize = new Sequelize(url.replace(/^mariadb:/, 'mysql:'), { logging: false, pool: { max: 1 } });
  try {
    return await work(sequelize);
  } finally {
    await sequelize.close().catch(ignored);
  }
}

const KEPT = ['migrations'];

/** Row by row, regardless of references: much faster than truncating tables that are nearly empty. */
async function empty(sequelize: Sequelize, unchecked: string): Promise<void> {
  await sequelize.query(unchecked);
  for (const table of await tablesOf(sequelize)) await sequelize.query(`DELETE FROM ${table}`);
  await sequelize.query("INSERT INTO settings (name, value) VALUES ('write-lock', '')");
}

async function tablesOf(sequelize: Sequelize): Promise<string[]> {
  const all: unknown[] = await sequelize.getQueryInterface().showAllTables();
  return all
    .map((table) => (typeof table === 'object' ? String(Reflect.get(table ?? {}, 'tableName')) : String(table)))
    .filter((table) => !KEPT.includes(table));
}

/** Creates a server's files, once in a run of the tests: copying them takes a tenth of the time. */
function prepared(account: string, data: string, make: (directory: string) => void): void {
  const shared = process.env['NETDELTA_TEST_FILES'];
  const template = shared === undefined ? undefined : join(shared, `template-${account}`);
  if (template !== undefined && existsSync(template)) {
    copyTree(template, data);
    return;
  }
  make(data);
  if (template === undefined) return;
  const copy = `${template}.${process.pid}`;
  copyTree(data, copy);
  try {
    // A copy is complete or does not exist; the first of two that create it at once stays.
    renameSync(copy, template);
  } catch {
    rmSync(copy, { recursive: true });
  }
}

/** With owners and modes, which the servers require. */
function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

function ownDirectory(name: string, account: string): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), `nd-${name}-`));
  if (isRoot()) {
    // The account's ids, created by its package.
    const { uid, gid } = statSync(account === 'mysql' ? '/var/lib/mysql' : '/var/lib/postgresql');
    chownSync(directory, uid, gid);
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Debian separates each version's programs. */
function newestPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  return versions
    .sort((a, b) => Number(a) - Number(b))
    .map((version) => join(root, version, 'bin'))
    .filter((bin) => existsSync(join(bin, 'initdb')))
    .at(-1);
}
