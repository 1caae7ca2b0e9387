import { DataTypes } from 'sequelize';
import type { Migration } from './schema.ts';

const COLUMNS = {
  /** The delta of which it is a later turn: gone again, back again. */
  part_of: DataTypes.INTEGER,
  /** What the subject did last since it was reported, and when. */
  now_kind: DataTypes.STRING(64),
  now_at: DataTypes.BIGINT,
  /** When what it reported came to its end. */
  resolved_at: DataTypes.BIGINT,
  /** The expectation that answered it; nobody clicked. */
  announced: DataTypes.INTEGER,
  /** When somebody was last reminded of it. */
  reminded_at: DataTypes.BIGINT,
} as const;

/** A delta has a life after it was reported. */
export const deltaLife: Migration = {
  name: '20261130-1350-delta-life',
  async up({ queries, transaction }) {
    for (const [name, type] of Object.entries(COLUMNS)) {
      await queries.addColumn('deltas', name, { type, allowNull: true }, { transaction });
    }
  },
  // In plain SQL: Sequelize would make the table anew on SQLite, without its indices.
  async down({ queries, transaction }) {
    for (const name of Object.keys(COLUMNS)) {
      await queries.sequelize.query(`ALTER TABLE deltas DROP COLUMN ${name}`, { transaction });
    }
  },
};
