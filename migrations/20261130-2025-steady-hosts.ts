import { addColumn, dropColumn, type Migration, optional, text } from './schema.ts';

/**
 * By which evidence a host was last judged, where the same evidence would bring nothing new: it then need not be read or
 * judged again. Hosts of before have none, and get theirs when they are judged the next time.
 */
export const steadyHosts: Migration = {
  name: '20261130-2025-steady-hosts',
  up: (schema) => addColumn(schema, 'hosts', 'steady', optional(text)),
  down: (schema) => dropColumn(schema, 'hosts', 'steady'),
};
