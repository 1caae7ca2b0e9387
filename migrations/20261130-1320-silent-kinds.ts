import { QueryTypes } from 'sequelize';
import type { Migration, Schema } from './schema.ts';

/** The kinds there were when groups listed those that they announce. */
const KINDS = [
  'host-appeared',
  'host-down',
  'host-recovered',
  'target-added',
  'target-removed',
  'service-added',
  'service-removed',
  'service-changed',
  'outage',
  'all-ports-open',
];

type Policy = { alertOn?: readonly string[]; silentKinds?: readonly string[] };

/** A group says which kinds it leaves out, so that it announces those which a later version brings. */
export const silentKinds: Migration = {
  name: '20261130-1320-silent-kinds',
  up: (schema) =>
    changePolicies(schema, ({ alertOn, ...policy }) => ({
      ...policy,
      silentKinds: alertOn === undefined ? [] : KINDS.filter((kind) => !alertOn.includes(kind)),
    })),
  down: (schema) =>
    changePolicies(schema, ({ silentKinds: silent = [], ...policy }) => ({
      ...policy,
      alertOn: KINDS.filter((kind) => !silent.includes(kind)),
    })),
};

async function changePolicies({ queries, transaction }: Schema, change: (policy: Policy) => Policy): Promise<void> {
  const sql = `SELECT id, spec FROM ${queries.quoteIdentifier('groups')}`;
  const rows = await queries.sequelize.query<{ id: number; spec: string }>(sql, {
    type: QueryTypes.SELECT,
    transaction,
  });
  for (const { id, spec } of rows) {
    const { policy = {}, ...rest }: { policy?: Policy } = JSON.parse(spec);
    await queries.bulkUpdate(
      'groups',
      { spec: JSON.stringify({ ...rest, policy: change(policy) }) },
      { id },
      { transaction },
    );
  }
}
