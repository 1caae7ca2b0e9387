import type { Card } from '../../cards/card.ts';
import { counted } from '../../cards/words.ts';
import { UserError } from '../../core/errors.ts';
import { GROUP_DEFAULTS } from '../../core/model/group.ts';
import { DEFAULT_POLICY } from '../../core/model/policy.ts';
import type { Store } from '../../ports/store.ts';
import { EXPORT_FORMATS, exportGroup } from '../../usecases/views/export-group.ts';
import { type Present, presentConfiguration, specEntry } from '../configuration/entries.ts';
import { writeConfiguration } from '../configuration/write-file.ts';
import { command } from '../grammar/command.ts';
import { findOptionalGroup } from '../input/find.ts';
import { textOf } from '../input/options.ts';
import { privately } from '../private-reply.ts';

export const exportCommand = command(
  {
    path: ['export'],
    role: 'operator',
    summary: 'What is known about a group, as a file',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: false },
      {
        ...{
          name: 'format',
          type: 'choice',
          description: 'json, csv or nmap’s xml',
          preset: 'json',
          choices: EXPORT_FORMATS,
        },
        ...{ positional: false, required: false },
      },
      {
        ...{ name: 'config', type: 'boolean', description: 'All groups, for apply', everyGroup: true },
        ...{ positional: false, required: false },
      },
    ],
    example: 'export office format:xml',
    audience: 'private',
  },
  (deps) =>
    async ({ now }, options) => {
      if (textOf(options, 'config') === 'true') return privately(await configurationCard(deps.store, now));
      const group = await findOptionalGroup(deps.store, options);
      if (group === undefined) {
        throw new UserError('GROUP is missing.', {
          hint: '`export office`, or `export config:on` for how all are set up.',
        });
      }
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

const DEFAULTS = specEntry({ ...GROUP_DEFAULTS, name: '', targets: [], exclude: [], policy: DEFAULT_POLICY });

/** Groups, schedules, routes, windows, and reports on all groups, in the form that `netdelta apply` takes. */
async function configurationCard(store: Store, now: number): Promise<Card> {
  const present = await presentConfiguration(store, now);
  return {
    title: 'Configuration of all groups',
    tone: 'info',
    sections: [{ type: 'text', text: `${described(present)}, as \`netdelta apply\` takes them.` }],
    controls: [],
    attachment: {
      name: 'groups.yaml',
      mimeType: 'text/plain',
      content: writeConfiguration(present, DEFAULTS),
      when: 'always',
    },
  };
}

function described({ groups, reports }: Present): string {
  const others = reports.length === 0 ? '' : ` and ${counted(reports.length, 'report')} on all of them`;
  return `${counted(groups.length, 'group')}${others}`;
}
