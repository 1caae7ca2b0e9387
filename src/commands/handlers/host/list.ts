import { hostListCard, unseenCard } from '../../../cards/host.ts';
import { HOST_CODES } from '../../../core/model/state.ts';
import { groupFacts } from '../../../usecases/groups/group-facts.ts';
import { hostData } from '../../data/host-data.ts';
import { command } from '../../grammar/command.ts';
import { findGroup } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { pageOf, paging } from '../../input/pages.ts';
import { privately, withData } from '../../private-reply.ts';

export const hostList = command(
  {
    path: ['host', 'list'],
    role: 'viewer',
    summary: 'Hosts of a group by status',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        name: 'code',
        type: 'choice',
        description: 'Status of the host',
        positional: false,
        required: false,
        choices: HOST_CODES,
      },
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
    example: 'host list office code:down',
    audience: 'private',
  },
  ({ store }) =>
    async (context, options) => {
      const group = await findGroup(store, options);
      const code = HOST_CODES.find((candidate) => candidate === textOf(options, 'code'));
      const filter = code === undefined ? {} : { code };
      const { items, total } = await store.states.listHosts(group.id, filter, pageOf(options, context));
      if (code === 'unseen') {
        const known = await store.states.listHosts(group.id, {}, { limit: 1, offset: 0 });
        const unseen = (await groupFacts(store, group)).addresses - BigInt(known.total);
        return privately(unseenCard(group, unseen > 0n ? unseen : 0n));
      }
      const where = paging({ path: ['host', 'list'], group, options, keys: ['code'], total, rows: context.rows });
      const data = items.map((host) => hostData(host, group.name));
      return withData(privately(hostListCard(group, items, code ?? '', where)), { type: 'hosts', total, items: data });
    },
);
