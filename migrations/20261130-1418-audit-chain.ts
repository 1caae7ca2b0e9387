import { addColumn, dropColumn, initially, type Migration, number, optional, text, word } from './schema.ts';

/**
 * What a deed changed, whether it only read, the entry that a result answers, and the hash that binds each entry to all
 * before it. Entries of earlier versions have none: the chain begins behind them.
 */
export const auditChain: Migration = {
  name: '20261130-1418-audit-chain',
  async up(schema) {
    await addColumn(schema, 'audit_entries', 'kind', initially(word(16), 'deed'));
    await addColumn(schema, 'audit_entries', 'change', optional(text));
    await addColumn(schema, 'audit_entries', 'answers', optional(number));
    await addColumn(schema, 'audit_entries', 'hash', optional(word(64)));
  },
  async down(schema) {
    for (const column of ['hash', 'answers', 'change', 'kind']) await dropColumn(schema, 'audit_entries', column);
  },
};
