import { QueryTypes, type Transaction } from 'sequelize';
import type { Umzug, UmzugStorage } from 'umzug';
import { MIGRATIONS } from '../../migrations/index.ts';
import type { Schema } from '../../migrations/schema.ts';
import { defined } from '../../src/core/defined.ts';
import { UserError } from '../../src/core/errors.ts';
import type { Database } from './database.ts';

export type Migrator = {
  /** Runs pending migrations, all or nothing; returns their names. */
  migrate(): Promise<string[]>;
  /** Reverts the last one; undefined when there is none. */
  migrateDown(): Promise<string | undefined>;
  pending(): Promise<string[]>;
};

type Library = typeof import('./migration-library.ts')['library'];

const TABLE = 'migrations';

export function createMigrator(database: Database, log: (line: string) => void): Migrator {
  /**
   * Reading what is done, migrating and recording it are one transaction: if two processes start at once, it happens
   * once.
   */
  const within = <T>(work: (umzug: Umzug<Schema>) => Promise<T>, isNeeded: (pending: string[]) => boolean, none: T) =>
    database.restructure(async (transaction): Promise<T> => {
      const queries = database.sequelize.getQueryInterface();
      await queries.createTable(TABLE, { name: { type: 'VARCHAR(160)', primaryKey: true } }, { transaction });
      const executed = await executedNames(database, transaction);
      refuseNewer(executed);
      if (!isNeeded(pendingAfter(executed))) return none;
      // Loaded on demand: most starts have nothing to migrate, and loading takes a while.
      const { library } = await import('./migration-library.ts');
      return work(umzugOf(library, database, { queries, transaction })).catch((error: unknown) =>
        plainFailure(library, database, error),
      );
    });

  return {
    async migrate() {
      const done = await within(
        async (umzug) => (await umzug.up()).map(({ name }) => name),
        (pending) => pending.length > 0,
        [],
      );
      for (const name of done) log(`migrated ${name}`);
      return done;
    },
    async migrateDown() {
      const [undone] = await within(
        async (umzug) => (await umzug.down()).map(({ name }) => name),
        () => true,
        [],
      );
      if (undone !== undefined) log(`took back ${undone}`);
      return undone;
    },
    pending: () =>
      database.read(async () => {
        const tables = await database.sequelize.getQueryInterface().showAllTables();
        const executed = tables.some((table) => String(table) === TABLE) ? await executedNames(database) : [];
        refuseNewer(executed);
        return pendingAfter(executed);
      }),
  };
}

function pendingAfter(executed: readonly string[]): string[] {
  return MIGRATIONS.map(({ name }) => name).filter((name) => !executed.includes(name));
}

/** Without the statement, which the original error carries. */
function plainFailure({ MigrationError }: Library, { rules }: Database, error: unknown): never {
  if (!(error instanceof MigrationError)) throw error;
  const reason = error.cause instanceof Error ? error.cause.message : String(error.cause);
  throw new UserError(`migration ${error.migration.name} failed: ${reason}`, {
    hint: rules.schemaRollsBack
      ? 'the database is as it was before; is it really one of NetDelta?'
      : `what came before that migration is done (${rules.name} can't take it back); remove the cause and start again`,
  });
}

function umzugOf({ Umzug }: Library, database: Database, context: Schema): Umzug<Schema> {
  const { queries, transaction } = context;
  const storage: UmzugStorage<Schema> = {
    executed: () => executedNames(database, transaction),
    async logMigration({ name }) {
      await queries.bulkInsert(TABLE, [{ name }], { transaction });
    },
    async unlogMigration({ name }) {
      await queries.bulkDelete(TABLE, { name }, { transaction });
    },
  };
  return new Umzug({
    migrations: MIGRATIONS.map(({ name, up, down }) => ({
      name,
      up: ({ context: schema }) => up(schema),
      down: ({ context: schema }) => down(schema),
    })),
    context,
    storage,
    logger: undefined,
  });
}

async function executedNames(database: Database, transaction?: Transaction): Promise<string[]> {
  const rows = await database.sequelize.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY name`, {
    type: QueryTypes.SELECT,
    ...defined({ transaction }),
  });
  return rows.map(({ name }) => name);
}

function refuseNewer(executed: readonly string[]): void {
  const unknown = executed.find((name) => !MIGRATIONS.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  throw new UserError(`the database was made by a newer NetDelta (${unknown})`, {
    hint: 'update NetDelta, or use another database',
  });
}
