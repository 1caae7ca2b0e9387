import { Op, type Transaction } from 'sequelize';
import { UserError } from '../../src/core/errors.ts';
import type { Group, GroupSpec } from '../../src/core/model/group.ts';
import type { Route } from '../../src/core/model/route.ts';
import type { GroupStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { foldName, groupColumns, toGroup, toRoute } from './group-rows.ts';
import { plain } from './rows.ts';
import type { Tables } from './tables/tables.ts';

export function createGroupStore({ tables, read, write }: Database): GroupStore {
  const { groups, routes } = tables;
  return {
    add: (spec, by, at) =>
      write(async (tx) => {
        await refuseTaken(tables, spec.name, undefined, tx);
        const status: Group['status'] = 'active';
        const row = { ...groupColumns(spec), status, created_by: by, created_at: at };
        const id = await groups.insert(row, tx);
        return toGroup({ ...row, id });
      }),
    edit: (id, spec) =>
      write(async (tx) => {
        await refuseTaken(tables, spec.name, id, tx);
        await groups.update(groupColumns(spec), { id }, tx);
        return toGroup(await existing(tables, id, tx));
      }),
    setStatus: (id, status) => write((tx) => changed(groups.update({ status }, { id }, tx))),
    // The schema's cascades delete everything else; the audit has no references.
    remove: (id) => write((tx) => changed(groups.remove({ id }, tx))),
    byId: (id) => read(async () => optionalGroup(await groups.first({ where: { id } }))),
    byName: (name) => read(async () => optionalGroup(await groups.first({ where: { folded: foldName(name) } }))),
    list: () => read(async () => (await groups.find({ order: [['folded', 'ASC']] })).map(toGroup)),
    routes: (groupId) =>
      read(async () => {
        const rows = await routes.find({ where: { group_id: groupId }, order: [['id', 'ASC']] });
        return rows.map(toRoute);
      }),
    setRoute: (groupId, { channel, ...filter }) =>
      write(async (tx) => {
        await existing(tables, groupId, tx);
        await saveRoute(tables, groupId, { channel, ...filter }, tx);
      }),
    removeRoute: (groupId, channel) =>
      write(async (tx) => (await routes.remove({ group_id: groupId, channel: plain(channel) }, tx)) > 0),
  };
}

/** Adds the route, or replaces its filter. */
export async function saveRoute(
  { routes }: Tables,
  groupId: number,
  { channel, ...filter }: Route,
  tx: Transaction,
): Promise<void> {
  const where = { group_id: groupId, channel: plain(channel) };
  const settings = { settings: JSON.stringify(filter) };
  if ((await routes.count(where, tx)) > 0) await routes.update(settings, where, tx);
  else await routes.insert({ ...where, ...settings }, tx);
}

function optionalGroup(row: Parameters<typeof toGroup>[0] | undefined): Group | undefined {
  return row === undefined ? undefined : toGroup(row);
}

export async function refuseTaken(
  tables: Tables,
  name: GroupSpec['name'],
  except: number | undefined,
  tx: Transaction,
) {
  const taken = await tables.groups.first(
    { where: { folded: foldName(name), ...(except === undefined ? {} : { id: { [Op.ne]: except } }) } },
    tx,
  );
  if (taken === undefined) return;
  throw new UserError(`There is a group named ${taken.name} already.`, { hint: 'Choose another name.', word: name });
}

export async function existing(tables: Tables, id: number, tx: Transaction) {
  const row = await tables.groups.first({ where: { id } }, tx);
  if (row === undefined) throw new UserError('That group is gone.', { hint: '`group list` shows those there are.' });
  return row;
}

async function changed(rows: Promise<number>): Promise<void> {
  await rows;
}
