import { scanComparisonCard, scanFindingsCard } from '../../../cards/scan-lists.ts';
import { UserError } from '../../../core/errors.ts';
import { readScan } from '../../../usecases/scanning/read-scan.ts';
import { command } from '../../grammar/command.ts';
import { findScan } from '../../input/find.ts';
import { OptionError, textOf } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

export const scanShow = command(
  {
    path: ['scan', 'show'],
    role: 'viewer',
    summary: 'What a scan found',
    options: [
      { name: 'id', type: 'scan', description: 'Scan', positional: true, required: true },
      { name: 'against', type: 'scan', description: 'Compare with this scan', positional: false, required: false },
    ],
    example: 'scan show 12 against:11',
    audience: 'private',
  },
  (deps) => async (_context, options) => {
    const { scan, group } = await findScan(deps.store, options);
    if (textOf(options, 'against') === undefined) {
      return privately(scanFindingsCard(scan, group, await readScan(deps, scan)));
    }
    const other = await findScan(deps.store, options, 'against');
    if (other.group.id !== group.id) {
      const hint = `\`scan list ${group.name}\` shows those that can be compared.`;
      throw new OptionError('against', new UserError(`Scan ${other.scan.id} is of another group.`, { hint }));
    }
    const [older, newer] = [scan, other.scan].sort((a, b) => a.id - b.id);
    if (older === undefined || newer === undefined || older.id === newer.id) {
      throw new OptionError('against', new UserError('A scan cannot differ from itself.'));
    }
    const differences = await deps.compareScans(older.id, newer.id);
    return privately(scanComparisonCard(older, newer, group, differences));
  },
);
