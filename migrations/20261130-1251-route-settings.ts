import { DataTypes } from 'sequelize';
import type { Migration } from './schema.ts';

/** What a route lets through and how, as JSON; everything at once where it is null. */
export const routeSettings: Migration = {
  name: '20261130-1251-route-settings',
  up: ({ queries, transaction }) =>
    queries.addColumn('group_routes', 'settings', { type: DataTypes.TEXT, allowNull: true }, { transaction }),
  // In plain SQL: Sequelize would make the table anew on SQLite, without its indices.
  async down({ queries, transaction }) {
    await queries.sequelize.query('ALTER TABLE group_routes DROP COLUMN settings', { transaction });
  },
};
