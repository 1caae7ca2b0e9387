import type { Migration } from './schema.ts';

const SCANS = { kind: 'confirmation' };
const STALE = 'stale: a newer scan was judged first';

/** A confirmation whose question a newer scan has answered has not failed. */
export const superseded: Migration = {
  name: '20261130-1820-superseded',
  async up({ queries, transaction }) {
    const values = { status: 'superseded', error: null };
    await queries.bulkUpdate('scans', values, { ...SCANS, status: 'failed', error: STALE }, { transaction });
  },
  async down({ queries, transaction }) {
    const values = { status: 'failed', error: STALE };
    await queries.bulkUpdate('scans', values, { ...SCANS, status: 'superseded' }, { transaction });
  },
};
