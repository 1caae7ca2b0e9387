import { at, counted, rich } from '../../cards/words.ts';
import { UserError } from '../../core/errors.ts';
import { command } from '../grammar/command.ts';
import { findGroup } from '../input/find.ts';
import { textOf } from '../input/options.ts';
import { privately } from '../private-reply.ts';

export const importCommand = command(
  {
    path: ['import'],
    role: 'operator',
    summary: 'Judge nmap scans made elsewhere',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        ...{ name: 'batch', type: 'text', description: 'Files put down by netdelta import' },
        ...{ positional: false, required: false },
      },
    ],
    example: 'import office',
    audience: 'private',
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const batch = textOf(options, 'batch');
    if (batch === undefined) {
      throw new UserError('There is no file to import.', {
        hint: `On the machine of the bot:\nnetdelta import ${group.name} scan.xml`,
      });
    }
    const imported = await deps.importScans({ group, batch, by: context.principal.key, channel: context.channel });
    const done = imported.filter((one) => one.scan !== undefined).length;
    const items = imported.map(({ file, at: time, hosts, scan, known }) =>
      rich(
        `${file}, `,
        at(time),
        `, ${counted(hosts, 'host')} up: `,
        known === true ? 'imported before, nothing changed' : `scan #${scan?.number ?? 0} ${scan?.status ?? ''}`,
      ),
    );
    return privately({
      title: `${group.name}: ${counted(done, 'scan')} imported`,
      tone: 'good',
      sections: [{ type: 'list', items }],
      controls: [],
    });
  },
);
