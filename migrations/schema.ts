import { DataTypes, type ModelAttributeColumnOptions, type QueryInterface, type Transaction } from 'sequelize';

/** All of one run of migrations happens in one transaction (where the database can roll back its schema). */
export type Schema = { queries: QueryInterface; transaction: Transaction };

/**
 * One concern, up and down. Never changed once released. On SQLite, only add to a table that holds rows: to change or
 * remove a column Sequelize makes the table anew, and dropping the old one deletes what refers to it.
 */
export type Migration = { name: string; up(schema: Schema): Promise<void>; down(schema: Schema): Promise<void> };

type Column = ModelAttributeColumnOptions;

export const id: Column = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
export const number: Column = { type: DataTypes.INTEGER, allowNull: false };
export const real: Column = { type: DataTypes.DOUBLE, allowNull: false };
/** Epoch ms. */
export const time: Column = { type: DataTypes.BIGINT, allowNull: false };
/** Of any length; JSON too. */
export const text: Column = { type: DataTypes.TEXT, allowNull: false };
export const bytes: Column = { type: DataTypes.BLOB, allowNull: false };
/** Text that an index can hold on every database. */
export const word = (length = 64): Column => ({ type: DataTypes.STRING(length), allowNull: false });
/** `platform:id`. */
export const principal: Column = word(160);
export const address: Column = word(64);

export const optional = (column: Column): Column => ({ ...column, allowNull: true });
export const key = (column: Column): Column => ({ ...column, primaryKey: true });
export const initially = (column: Column, value: number | string): Column => ({ ...column, defaultValue: value });

export const belongsTo = (table: string, onDelete: 'CASCADE' | 'SET NULL' = 'CASCADE'): Column => ({
  type: DataTypes.INTEGER,
  allowNull: onDelete === 'SET NULL',
  references: { model: table, key: 'id' },
  onDelete,
  onUpdate: 'NO ACTION',
});

export type Index = { columns: readonly string[]; unique?: boolean };

export async function createTable(
  { queries, transaction }: Schema,
  name: string,
  columns: Readonly<Record<string, Column>>,
  indices: readonly Index[] = [],
): Promise<void> {
  const dialect = queries.sequelize.getDialect();
  // Copies, because Sequelize writes into them. The collation is MariaDB's: compare bytes, as the others do.
  const copies = Object.fromEntries(
    Object.entries(columns).map(([column, options]) => [column, { ...options, type: typeIn(dialect, options.type) }]),
  );
  await queries.createTable(name, copies, { transaction, charset: 'utf8mb4', collate: 'utf8mb4_bin' });
  for (const index of indices) await addIndex({ queries, transaction }, name, index);
}

export async function addIndex({ queries, transaction }: Schema, table: string, index: Index): Promise<void> {
  if (isMysql(queries.sequelize.getDialect()) && (await hasIndex(queries, table, index, transaction))) return;
  await queries.addIndex(table, {
    fields: [...index.columns],
    name: nameOf(table, index),
    unique: index.unique ?? false,
    transaction,
  });
}

export async function dropIndex({ queries, transaction }: Schema, table: string, index: Index): Promise<void> {
  if (isMysql(queries.sequelize.getDialect()) && !(await hasIndex(queries, table, index, transaction))) return;
  await queries.removeIndex(table, nameOf(table, index), { transaction });
}

/** The column must be optional, or have a default, for the rows that are there. */
export async function addColumn(
  { queries, transaction }: Schema,
  table: string,
  name: string,
  column: Column,
): Promise<void> {
  const dialect = queries.sequelize.getDialect();
  if (isMysql(dialect) && Object.hasOwn(await queries.describeTable(table), name)) return;
  await queries.addColumn(table, name, { ...column, type: typeIn(dialect, column.type) }, { transaction });
}

/** By hand: on SQLite Sequelize would make the table anew, without its references. */
export async function dropColumn({ queries, transaction }: Schema, table: string, name: string): Promise<void> {
  const [quotedTable, quotedName] = [queries.quoteIdentifier(table), queries.quoteIdentifier(name)];
  await queries.sequelize.query(`ALTER TABLE ${quotedTable} DROP COLUMN ${quotedName}`, { transaction });
}

const nameOf = (table: string, index: Index) => `${table}_${index.columns.join('_')}`;

/**
 * MySQL and MariaDB take no change of the schema back, so a migration that was interrupted goes on where it was: tables are
 * made IF NOT EXISTS, and indices that are there are left alone.
 */
async function hasIndex(
  queries: QueryInterface,
  table: string,
  index: Index,
  transaction: Transaction,
): Promise<boolean> {
  const found: unknown = await queries.showIndex(table, { transaction });
  return Array.isArray(found) && found.some((there: { name: string }) => there.name === nameOf(table, index));
}

const isMysql = (dialect: string) => dialect === 'mysql' || dialect === 'mariadb';

/** MariaDB's and MySQL's plain TEXT and BLOB end at 64 kB. */
function typeIn(dialect: string, type: Column['type']): Column['type'] {
  if (!isMysql(dialect)) return type;
  if (type === DataTypes.TEXT) return DataTypes.TEXT('long');
  return type === DataTypes.BLOB ? DataTypes.BLOB('long') : type;
}

/** In this order: what refers to another table comes before it. */
export async function dropTables({ queries, transaction }: Schema, ...names: readonly string[]): Promise<void> {
  for (const name of names) await queries.dropTable(name, { transaction });
}
