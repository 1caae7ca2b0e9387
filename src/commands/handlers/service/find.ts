import { serviceFindCard } from '../../../cards/service.ts';
import { defined } from '../../../core/defined.ts';
import type { Approval } from '../../../core/model/record.ts';
import { parsePortRanges } from '../../../core/network/ports.ts';
import type { Paged, ServiceMatch, Store } from '../../../ports/store.ts';
import { approvalsOf } from '../../../usecases/records/approvals.ts';
import { readOwnership } from '../../../usecases/records/ownership.ts';
import { askedBy } from '../../../usecases/scanning/asked.ts';
import { openPortData } from '../../data/host-data.ts';
import { OWNERSHIP_FILTERS, OWNERSHIP_KEYS, ownershipFilter } from '../../deltas/ownership-filter.ts';
import { command } from '../../grammar/command.ts';
import type { CommandOptions } from '../../grammar/command-description.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { cutPage, PAGE, pageOf, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const serviceFind = command(
  {
    path: ['service', 'find'],
    role: 'viewer',
    summary: 'Which hosts offer a service',
    options: [
      {
        name: 'port',
        type: 'ports',
        description: 'Port, list or range',
        hint: '`3389`, `80,443`, `8000-8100`.',
        positional: false,
        required: false,
      },
      {
        name: 'name',
        type: 'text',
        description: 'Name of the service',
        hint: 'nmap’s name: `ssh`, `http`.',
        positional: false,
        required: false,
      },
      {
        name: 'product',
        type: 'text',
        description: 'Part of the product name',
        hint: 'A part of it: `openssh`.',
        positional: false,
        required: false,
      },
      {
        name: 'version',
        type: 'text',
        description: 'Words of the version',
        hint: 'Part of product, version or what else nmap knows: `openssh 8`, `1.18`.',
        positional: false,
        required: false,
      },
      { name: 'group', type: 'group', description: 'Group', positional: false, required: false },
      ...OWNERSHIP_FILTERS,
      PAGE,
    ],
    example: 'service find port:3389',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findOptionalGroup(store, options);
      const [port, name, product] = [textOf(options, 'port'), textOf(options, 'name'), textOf(options, 'product')];
      const version = textOf(options, 'version');
      const filter = {
        ...(group === undefined ? {} : { groupId: group.id }),
        ...(port === undefined ? {} : { ports: parsePortRanges(port.replace(/[a-z]:/gi, '')) }),
        ...defined({ name, product, version }),
      };
      const { items, total } = await findOwned(store, filter, options, context);
      const approvals = await approvalsOf(store, items);
      const nameOf = await groupNames(store);
      const asks = await askedByAll(store, items);
      const rows = items.map((match, index) => ({
        ...match,
        unasked: !asks(match),
        groupName: nameOf(match.groupId),
        ...optionalApproval(approvals[index]),
      }));
      const owned = OWNERSHIP_KEYS.map((key) => textOf(options, key));
      const what = [port === undefined ? undefined : `port ${port}`, name, product, version, group?.name, ...owned];
      const keys = ['port', 'name', 'product', 'version', 'group', ...OWNERSHIP_KEYS] as const;
      const where = paging({ path: ['service', 'find'], options, keys, total, rows: context.rows });
      const card = serviceFindCard(rows, what.filter((part) => part !== undefined).join(', '), where);
      const data = rows.map((row) => openPortData(row, row.groupName, row));
      return withData(privately(card), { type: 'open-ports', total, items: data });
    },
);

async function askedByAll(store: Store, found: readonly ServiceMatch[]): Promise<(match: ServiceMatch) => boolean> {
  const asks = new Map<number, (match: ServiceMatch) => boolean>();
  for (const groupId of new Set(found.map((match) => match.groupId))) {
    const group = await store.groups.byId(groupId);
    if (group !== undefined) asks.set(groupId, await askedBy(store, group));
  }
  return (match) => asks.get(match.groupId)?.(match) ?? true;
}

const optionalApproval = (approval: Approval | undefined) => (approval === undefined ? {} : { approval });

const MOST = 100_000;

/** The owner is not part of what the search finds, so with that filter all results are read. */
async function findOwned(
  store: Store,
  filter: Parameters<Store['states']['findServices']>[0],
  options: CommandOptions<'owner' | 'tag' | 'page'>,
  context: { rows: number },
): Promise<Paged<ServiceMatch>> {
  const fits = ownershipFilter(options);
  if (fits === undefined) return await store.states.findServices(filter, pageOf(options, context));
  const ownership = await readOwnership(store);
  const groups = new Map((await store.groups.list()).map((group) => [group.id, group]));
  const { items } = await store.states.findServices(filter, { limit: MOST, offset: 0 });
  const owned = items.filter(({ groupId, address }) => {
    const group = groups.get(groupId);
    return group !== undefined && fits(ownership(group, address));
  });
  return { items: cutPage(owned, options, context), total: owned.length };
}
