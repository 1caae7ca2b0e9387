import { createTable, dropTables, key, type Migration, principal, time, word } from './schema.ts';

export const roles: Migration = {
  name: '20261124-0260-roles',
  up: (schema) =>
    createTable(schema, 'role_grants', {
      who: key(principal),
      role: word(),
      granted_by: principal,
      granted_at: time,
    }),
  down: (schema) => dropTables(schema, 'role_grants'),
};
