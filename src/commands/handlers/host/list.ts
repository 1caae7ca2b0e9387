import { unseenCard } from '../../../cards/host.ts';
import { hostListCard } from '../../../cards/host-list.ts';
import { UserError } from '../../../core/errors.ts';
import type { Group } from '../../../core/model/group.ts';
import type { Ownership } from '../../../core/model/record.ts';
import { HOST_CODES, type HostCode, type HostState } from '../../../core/model/state.ts';
import type { Page, Store } from '../../../ports/store.ts';
import { groupFacts } from '../../../usecases/groups/group-facts.ts';
import { readOwnership } from '../../../usecases/records/ownership.ts';
import { allHosts } from '../../../usecases/views/export-group.ts';
import { hostData } from '../../data/host-data.ts';
import { OWNERSHIP_FILTERS, OWNERSHIP_KEYS, ownershipFilter } from '../../deltas/ownership-filter.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup } from '../../input/find.ts';
import { OptionError, textOf } from '../../input/options.ts';
import { PAGE, pageOf, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const hostList = command(
  {
    path: ['host', 'list'],
    role: 'viewer',
    summary: 'Hosts by status, of all groups',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
      {
        name: 'code',
        type: 'choice',
        description: 'Status of the host',
        positional: false,
        required: false,
        hint: 'By name or number: `down` or `7`.',
        choices: HOST_CODES,
        numbered: HOST_CODES,
      },
      ...OWNERSHIP_FILTERS,
      PAGE,
    ],
    example: 'host list office code:down',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const code = HOST_CODES.find((candidate) => candidate === textOf(options, 'code'));
      const groups = group === undefined ? await store.groups.list() : [group];
      if (code === 'unseen' && group === undefined) throw unseenOfOne();
      const filter = code === undefined ? {} : { code };
      const fits = ownershipFilter(options);
      const { items, total } =
        fits === undefined
          ? await hostsOf(store, groups, filter, pageOf(options, context))
          : await ownedHosts(store, groups, { ...filter, fits }, pageOf(options, context));
      if (code === 'unseen' && group !== undefined) {
        const known = await store.states.listHosts(group.id, {}, { limit: 1, offset: 0 });
        const unseen = (await groupFacts(store, group)).addresses - BigInt(known.total);
        return privately(unseenCard(group, unseen > 0n ? unseen : 0n));
      }
      const where = paging({
        path: ['host', 'list'],
        group,
        options,
        keys: ['code', ...OWNERSHIP_KEYS],
        total,
        rows: context.rows,
      });
      const data = items.map(({ host, groupName }) => hostData(host, groupName));
      return withData(privately(hostListCard(group, items, code ?? '', where)), { type: 'hosts', total, items: data });
    },
);

/** Addresses that never answered can be as many as the group's range holds, so they are counted group by group. */
function unseenOfOne(): OptionError {
  return new OptionError(
    'group',
    new UserError('Of which group?', { hint: '`host list GROUP code:unseen` counts them.' }),
  );
}

/** One page over several groups, one after the other. */
async function hostsOf(
  store: Store,
  groups: readonly Group[],
  filter: { code?: HostCode },
  { limit, offset }: Page,
): Promise<{ items: { host: HostState; groupName: string }[]; total: number }> {
  const items: { host: HostState; groupName: string }[] = [];
  let total = 0;
  for (const group of groups) {
    const from = Math.max(0, offset - total);
    const room = Math.max(1, limit - items.length);
    const found = await store.states.listHosts(group.id, filter, { limit: room, offset: from });
    const shown = found.items.slice(0, limit - items.length);
    items.push(...shown.map((host) => ({ host, groupName: group.name })));
    total += found.total;
  }
  return { items, total };
}

/** The owner of a host is not part of the belief, so all hosts are read. */
async function ownedHosts(
  store: Store,
  groups: readonly Group[],
  { code, fits }: { code?: HostCode; fits(ownership: Ownership): boolean },
  { limit, offset }: Page,
): Promise<{ items: { host: HostState; groupName: string }[]; total: number }> {
  const ownership = await readOwnership(store);
  const found: { host: HostState; groupName: string }[] = [];
  for (const group of groups) {
    const hosts = (await allHosts(store, group.id)).filter(
      (host) => (code === undefined || host.code === code) && fits(ownership(group, host.address)),
    );
    found.push(...hosts.map((host) => ({ host, groupName: group.name })));
  }
  return { items: found.slice(offset, offset + limit), total: found.length };
}
