import { UserError } from '../../src/core/errors.ts';

export type Dialect = 'sqlite' | 'postgres' | 'mysql' | 'mariadb';

export type DatabaseAddress = {
  dialect: Dialect;
  /** SQLite's file. */
  file?: string;
  /** The address of any other database, with its password. */
  url?: string;
  /** For people: without a password. */
  label: string;
};

const SERVERS: Readonly<Record<string, Dialect>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mariadb',
};

/**
 * `sqlite:PATH` (`sqlite:///abs/path` too) or a server's URL. Never quotes the URL in an error, because it may contain
 * a password.
 */
export function parseDatabaseUrl(databaseUrl: string): DatabaseAddress {
  if (databaseUrl.startsWith('sqlite:')) return sqliteAddress(databaseUrl.slice('sqlite:'.length));
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined;
  const dialect = url === undefined ? undefined : SERVERS[url.protocol];
  if (url === undefined || dialect === undefined) {
    throw new UserError('the database URL is not one that NetDelta knows', {
      hint: 'use sqlite:PATH, postgres://…, mysql://… or mariadb://…',
    });
  }
  return { dialect, url: databaseUrl, label: `${dialect} ${url.pathname.slice(1)} at ${url.host}` };
}

function sqliteAddress(rest: string): DatabaseAddress {
  const file = rest.replace(/^\/\/(?=.)/, '');
  // In memory, Sequelize would give all transactions the same connection, and they would mix.
  if (file === '' || file === ':memory:') {
    throw new UserError('SQLite needs a file', { hint: 'set DATABASE_URL=sqlite:data/netdelta.sqlite' });
  }
  return { dialect: 'sqlite', file, label: file };
}
