import {
  belongsTo,
  bytes,
  createTable,
  dropTables,
  key,
  type Migration,
  number,
  optional,
  text,
  word,
} from './schema.ts';

/** Scan detail: what each nmap process was asked, and what its newest attempt wrote. Pruned by retention. */
export const chunks: Migration = {
  name: '20261124-0130-chunks',
  async up(schema) {
    await createTable(schema, 'scan_chunks', { scan_id: key(belongsTo('scans')), chunk: key(number), request: text });
    await createTable(schema, 'chunk_results', {
      scan_id: key(belongsTo('scans')),
      chunk: key(number),
      attempt: number,
      outcome: word(),
      error: optional(text),
      xml: bytes,
    });
  },
  down: (schema) => dropTables(schema, 'chunk_results', 'scan_chunks'),
};
