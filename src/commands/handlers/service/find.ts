import { serviceFindCard } from '../../../cards/service.ts';
import { defined } from '../../../core/defined.ts';
import { parsePortRanges } from '../../../core/network/ports.ts';
import { openPortData } from '../../data/host-data.ts';
import { command } from '../../grammar/command.ts';
import { findOptionalGroup, groupNames } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { pageOf, paging } from '../../input/pages.ts';
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
      {
        name: 'page',
        type: 'integer',
        description: 'Page of the list',
        positional: false,
        required: false,
        min: 1,
        max: 100000,
      },
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
      const { items, total } = await store.states.findServices(filter, pageOf(options, context));
      const nameOf = await groupNames(store);
      const rows = items.map((match) => ({ ...match, groupName: nameOf(match.groupId) }));
      const what = [port === undefined ? undefined : `port ${port}`, name, product, version, group?.name];
      const keys = ['port', 'name', 'product', 'version', 'group'] as const;
      const where = paging({ path: ['service', 'find'], options, keys, total, rows: context.rows });
      const card = serviceFindCard(rows, what.filter((part) => part !== undefined).join(', '), where);
      const data = rows.map((row) => openPortData(row, row.groupName));
      return withData(privately(card), { type: 'open-ports', total, items: data });
    },
);
