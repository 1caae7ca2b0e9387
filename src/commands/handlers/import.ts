import { importCard, importChange } from '../../cards/import.ts';
import { UserError } from '../../core/errors.ts';
import type { OfferedFile } from '../../ports/offered-file.ts';
import type { ImportFile } from '../../usecases/scanning/read-runs.ts';
import { command } from '../grammar/command.ts';
import { findGroup } from '../input/find.ts';
import { textOf } from '../input/options.ts';
import { changing, privately } from '../private-reply.ts';

/** The total of all files as they are sent: they pass through the bot's memory. */
const MAX_BYTES = 64 * 1024 * 1024;

export const importCommand = command(
  {
    path: ['import'],
    role: 'operator',
    summary: 'Judge nmap scans made elsewhere',
    options: [
      { name: 'group', type: 'group', description: 'Group', positional: true, required: true },
      {
        ...{ name: 'file', type: 'file', description: 'nmap’s XML, plain or gzip', positional: false, required: false },
        hint: 'Up to ten files of nmap’s XML (-oX), plain or gzip, 64 MB in all; judged in the order of their times.',
      },
      {
        ...{ name: 'batch', type: 'text', description: 'Of netdelta import', typedOnly: true },
        ...{ positional: false, required: false },
      },
    ],
    example: 'import office',
    audience: 'private',
    form: true,
  },
  (deps) => async (context, options) => {
    const group = await findGroup(deps.store, options);
    const batch = textOf(options, 'batch');
    if (batch === undefined && context.files.length === 0) {
      throw new UserError('There is no file to import.', {
        hint: `Attach it in Slack or Discord, or on the machine of the bot:\nnetdelta import ${group.name} scan.xml`,
      });
    }
    const files = batch === undefined ? await fetched(context.files) : await deps.readBatch(batch);
    const imported = await deps.importScans({ group, files, by: context.principal.key, channel: context.channel });
    return changing(privately(importCard(group, imported)), { before: null, after: importChange(imported) });
  },
);

async function fetched(offered: readonly OfferedFile[]): Promise<ImportFile[]> {
  const files: ImportFile[] = [];
  let left = MAX_BYTES;
  for (const { name, read } of offered) {
    const data = await read(left);
    left -= data.length;
    files.push({ name, data });
  }
  return files;
}
