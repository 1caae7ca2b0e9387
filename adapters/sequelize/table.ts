import {
  DataTypes,
  type FindOptions,
  type Model,
  type ModelAttributeColumnOptions,
  type ModelAttributes,
  type ModelStatic,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from 'sequelize';

const column = (type: ModelAttributeColumnOptions['type'], options: Partial<ModelAttributeColumnOptions> = {}) => ({
  type,
  ...options,
});

/** The kinds of columns; the migrations define them exactly. */
export const ID = column(DataTypes.INTEGER, { primaryKey: true, autoIncrement: true });
export const KEY_NUMBER = column(DataTypes.INTEGER, { primaryKey: true });
export const KEY_TIME = column(DataTypes.BIGINT, { primaryKey: true });
export const KEY_TEXT = column(DataTypes.STRING, { primaryKey: true });
export const NUMBER = column(DataTypes.INTEGER);
/** Epoch ms: below 2^53, so a number in JavaScript. */
export const TIME = column(DataTypes.BIGINT);
export const REAL = column(DataTypes.DOUBLE);
export const TEXT = column(DataTypes.TEXT);
export const BYTES = column(DataTypes.BLOB);

export type Columns<R> = { readonly [K in keyof R]-?: ModelAttributeColumnOptions };

export type Find<R> = Pick<FindOptions<R>, 'where' | 'order' | 'limit' | 'offset' | 'lock'> & {
  attributes?: readonly (keyof R & string)[];
};

type In = Transaction | undefined;

/** One table as plain rows: Sequelize's models never leave this file. */
export type Table<R extends object> = {
  name: string;
  /** Its primary key. */
  keys: readonly (keyof R & string)[];
  find(options: Find<R>, tx?: In): Promise<R[]>;
  first(options: Find<R>, tx?: In): Promise<R | undefined>;
  count(where: WhereOptions<R>, tx?: In): Promise<number>;
  /** Returns the new row's `id`, where the table has one. */
  insert(row: Partial<R>, tx: In): Promise<number>;
  insertMany(rows: readonly Partial<R>[], tx: In, options?: { ignoreDuplicates?: boolean }): Promise<void>;
  /** Inserts, or replaces all other columns of the rows with the same `keys` (which must be unique). */
  upsertMany(rows: readonly Partial<R>[], keys: readonly (keyof R & string)[], tx: In): Promise<void>;
  /** Returns how many rows there were. */
  update(values: Partial<R>, where: WhereOptions<R>, tx: In): Promise<number>;
  remove(where: WhereOptions<R>, tx: In): Promise<number>;
};

/** Values are part of the statement itself, so no limit of variables applies; this one bounds its length. */
const ROWS_A_STATEMENT = 500;

export function defineTable<R extends object>(sequelize: Sequelize, name: string, columns: Columns<R>): Table<R> {
  // At its first use: Sequelize takes a ms for each table, and of thirty most starts need few.
  let defined: ModelStatic<Model<R, Partial<R>>> | undefined;
  function model(): ModelStatic<Model<R, Partial<R>>> {
    if (defined !== undefined) return defined;
    // Copied, because Sequelize writes the column's name into each.
    const copies = Object.fromEntries(Object.entries<object>(columns).map(([key, options]) => [key, { ...options }]));
    const attributes = copies as unknown as ModelAttributes<Model<R>, R>;
    defined = sequelize.define<Model<R, Partial<R>>>(name, attributes, { tableName: name, timestamps: false });
    return defined;
  }
  const queries = sequelize.getQueryInterface();
  const numbers = sequelize.getDialect() === 'sqlite' ? [] : timeColumns(columns);

  async function find(options: Find<R>, tx?: In): Promise<R[]> {
    const { attributes, ...rest } = options;
    const chosen = attributes === undefined ? {} : { attributes: [...attributes] };
    const found: unknown = await model().findAll({ ...rest, ...chosen, ...within(tx), raw: true });
    const rows = found as R[];
    for (const row of rows) toNumbers(row, numbers);
    return rows;
  }

  async function insertBatches(rows: readonly Partial<R>[], tx: In, options: object): Promise<void> {
    for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
      await queries.bulkInsert(name, rows.slice(start, start + ROWS_A_STATEMENT), { ...options, ...within(tx) });
    }
  }

  return {
    name,
    keys: keysOf(columns),
    find,
    first: async (options, tx) => (await find({ ...options, limit: 1 }, tx))[0],
    count: (where, tx) => model().count({ where, ...within(tx) }),
    async insert(row, tx) {
      const created = await model().create(row as never, within(tx));
      return Number((created.get() as { id?: unknown }).id ?? 0);
    },
    insertMany: (rows, tx, options) => insertBatches(rows, tx, options ?? {}),
    async upsertMany(rows, keys, tx) {
      const updateOnDuplicate = Object.keys(columns).filter((key) => !keys.some((other) => other === key));
      await insertBatches(rows, tx, { updateOnDuplicate, upsertKeys: keys });
    },
    update: async (values, where, tx) => (await model().update(values as never, { where, ...within(tx) }))[0],
    remove: (where, tx) => model().destroy({ where, ...within(tx) }),
  };
}

function keysOf<R>(columns: Columns<R>): (keyof R & string)[] {
  const names = Object.keys(columns) as (keyof R & string)[];
  return names.filter((name) => columns[name].primaryKey === true);
}

function within(tx: In): { transaction?: Transaction } {
  return tx === undefined ? {} : { transaction: tx };
}

/** PostgreSQL returns BIGINT as text. */
function timeColumns<R>(columns: Columns<R>): string[] {
  return Object.entries<ModelAttributeColumnOptions>(columns)
    .filter(([, options]) => options.type === DataTypes.BIGINT)
    .map(([key]) => key);
}

function toNumbers(row: object, keys: readonly string[]): void {
  for (const key of keys) {
    const value: unknown = Reflect.get(row, key);
    if (value !== null && value !== undefined) Reflect.set(row, key, Number(value));
  }
}
