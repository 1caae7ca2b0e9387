import { counted } from '../../cards/words.ts';
import { EXPORT_FORMATS, exportGroup } from '../../usecases/views/export-group.ts';
import { command } from '../grammar/command.ts';
import { findGroup } from '../input/find.ts';
import { textOf } from '../input/options.ts';
import { privately } from '../private-reply.ts';

export const exportCommand = command(
  {
    path: ['export'],
    role: 'operator',
    summary: 'What is known of a group, as a file',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        ...{ name: 'format', type: 'choice', description: 'json, csv or nmap’s xml', choices: EXPORT_FORMATS },
        ...{ positional: false, required: false },
      },
    ],
    example: 'export office format:xml',
    audience: 'private',
  },
  (deps) =>
    async ({ now }, options) => {
      const group = await findGroup(deps.store, options);
      const format = EXPORT_FORMATS.find((one) => one === textOf(options, 'format')) ?? 'json';
      const { file, hosts } = await exportGroup(deps, group, format, now);
      return privately({
        title: `Export of ${group.name}`,
        tone: 'info',
        sections: [{ type: 'text', text: `${counted(hosts, 'host')}, as ${format}.` }],
        controls: [],
        attachment: { ...file, when: 'always' },
      });
    },
);
