import { QueryTypes, Sequelize, Transaction } from 'sequelize';
import { defined } from '../../src/core/defined.ts';
import { StorageTrouble, UserError } from '../../src/core/errors.ts';
import { type DatabaseAddress, type Dialect, parseDatabaseUrl } from './database-url.ts';
import { type DialectRules, rulesOf, withoutEmptyLists } from './dialects.ts';
import { createPrivately, createSqliteDriver } from './sqlite-driver.ts';
import { defineTables, type Tables } from './tables/tables.ts';
import { plainError, storageTrouble } from './trouble.ts';
import { createWriteLock } from './write-lock.ts';

type Work<T> = (tx: Transaction) => Promise<T>;

export type Database = {
  dialect: Dialect;
  rules: DialectRules;
  /** For people: without a password. */
  label: string;
  sequelize: Sequelize;
  tables: Tables;
  /** A SELECT that `Table` can't express, in SQL that all dialects share; values are written as `:name`. */
  select<R extends object>(sql: string, values: Readonly<Record<string, unknown>>, tx?: Transaction): Promise<R[]>;
  /** One statement, or several that need not be consistent with each other. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Several reads of one snapshot. */
  snapshot<T>(work: Work<T>): Promise<T>;
  /**
   * All or nothing, one after the other on every database: within the process by a queue, between processes by `BEGIN
   * IMMEDIATE` in SQLite and by a row lock elsewhere. A decision made inside therefore holds.
   */
  write<T>(work: Work<T>): Promise<T>;
  /** As `write`, for schema changes, when there may be no row to lock yet. */
  restructure<T>(work: Work<T>): Promise<T>;
  /** What keeps it from working at this moment, judging by the last attempts. */
  trouble(): StorageTrouble | undefined;
  close(): Promise<void>;
};

/** Opens the connection and tries it. Throws UserError, without the password. */
export async function openDatabase(databaseUrl: string): Promise<Database> {
  const address = parseDatabaseUrl(databaseUrl);
  try {
    if (address.file !== undefined) createPrivately(address.file);
    const driver = createSqliteDriver();
    const sequelize = connect(address, driver.module);
    // First and alone, so that SQLite's permanent connection has its pragmas before anything else uses it.
    await sequelize.authenticate();
    return databaseOf(sequelize, address, driver.closed);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const trouble = storageTrouble(error, address.label);
    if (trouble !== undefined) throw trouble;
    const reason = withoutPassword(error instanceof Error ? error.message : String(error), address);
    throw new UserError(`the database can't be opened (${address.label}): ${reason}`, {
      hint: 'check DATABASE_URL or NETDELTA_DATA_DIR, and that the place can be written to',
    });
  }
}

function connect(address: DatabaseAddress, dialectModule: object): Sequelize {
  const { driver, connect: options } = rulesOf(address);
  if (address.file === undefined) {
    // Sequelize takes the dialect from the URL, before anything else.
    const url = (address.url ?? '').replace(/^\w+:/, `${driver}:`);
    return new Sequelize(url, { ...options, dialect: driver, logging: false });
  }
  // Sequelize would wait for a lock five times: nearly a minute until it reports that the database is locked.
  const retry = { max: 1 };
  return new Sequelize({ dialect: driver, storage: address.file, dialectModule, logging: false, retry });
}

function withoutPassword(text: string, address: DatabaseAddress): string {
  const password = address.url === undefined ? '' : new URL(address.url).password;
  const spellings = [address.url ?? '', password, safeDecode(password)].filter((spelling) => spelling !== '');
  return spellings.reduce((cleaned, spelling) => cleaned.replaceAll(spelling, '***'), text);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function databaseOf(sequelize: Sequelize, address: DatabaseAddress, connectionsClosed: () => Promise<void>): Database {
  const tables = defineTables(sequelize);
  const lock = createWriteLock();
  const rules = rulesOf(address);
  let closed: Promise<void> | undefined;
  let trouble: StorageTrouble | undefined;

  /** A write that succeeds proves that all is well; a read only proves that the database is reachable. */
  async function plainly<T>(work: () => Promise<T>, heals: (kind: StorageTrouble['kind']) => boolean): Promise<T> {
    try {
      const result = await work();
      if (trouble !== undefined && heals(trouble.kind)) trouble = undefined;
      return result;
    } catch (error) {
      const plain = plainError(error, address.label);
      if (plain instanceof StorageTrouble) trouble = plain;
      throw plain;
    }
  }

  const begin = <T>(work: Work<T>) => lock.run(() => sequelize.transaction(rules.writing, work));
  const restructure = <T>(work: Work<T>) => begin((tx) => rules.alone(sequelize, tx, () => work(tx)));
  const write = <T>(work: Work<T>) =>
    begin(async (tx) => {
      if (rules.locksRow)
        await tables.settings.find({ where: { name: 'write-lock' }, lock: Transaction.LOCK.UPDATE }, tx);
      return work(tx);
    });
  const snapshot = <T>(work: Work<T>) => sequelize.transaction(rules.reading, work);

  return {
    dialect: address.dialect,
    rules,
    label: address.label,
    sequelize,
    tables,
    select: <R extends object>(sql: string, replacements: Readonly<Record<string, unknown>>, tx?: Transaction) =>
      sequelize.query<R>(sql, {
        type: QueryTypes.SELECT,
        replacements: withoutEmptyLists(replacements),
        ...defined({ transaction: tx }),
      }),
    read: (work) => plainly(work, (kind) => kind === 'away'),
    snapshot: (work) =>
      plainly(
        () => snapshot(work),
        (kind) => kind === 'away',
      ),
    write: (work) =>
      plainly(
        () => write(work),
        () => true,
      ),
    restructure: (work) =>
      plainly(
        () => restructure(work),
        () => true,
      ),
    trouble: () => trouble,
    close() {
      // One after the other: of two of SQLite's connections that close at the same time, neither may be the last one, which
      // copies the log into the database.
      closed ??= lock
        .idle()
        .then(connectionsClosed)
        .then(() => sequelize.close())
        .then(connectionsClosed);
      return closed;
    },
  };
}
