import type { Button } from '../../../cards/card.ts';
import { statusSections } from '../../../cards/status.ts';
import { counted } from '../../../cards/words.ts';
import type { Scan } from '../../../core/model/scan.ts';
import { statusInput } from '../../../usecases/views/status-input.ts';
import { statusData } from '../../data/status-data.ts';
import { command } from '../../grammar/command.ts';
import { findScan } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { privately, withData } from '../../private-reply.ts';
import { reportScan } from '../../report-scan.ts';

export const scanStatus = command(
  {
    path: ['scan', 'status'],
    role: 'viewer',
    summary: 'How far running scans are',
    options: [{ name: 'id', type: 'scan', description: 'Scan', positional: true, required: false }],
    example: 'scan status',
    audience: 'private',
  },
  (deps) =>
    async ({ now }, options) => {
      if (textOf(options, 'id') !== undefined) {
        const { scan, group } = await findScan(deps.store, options);
        const { card, data } = await reportScan(deps.store, scan, group, now);
        return withData(privately(card), data);
      }
      const input = await statusInput(deps, now);
      const title = `${counted(input.scans.length, 'scan')} under way`;
      const card = {
        title,
        tone: 'info' as const,
        sections: statusSections(input),
        controls: cancelButtons(input.scans),
      };
      return withData(privately(card), statusData(input));
    },
);

function cancelButtons(scans: readonly Scan[]): Button[] {
  return scans
    .filter((scan) => scan.status !== 'judging' && scan.kind === 'scan')
    .slice(0, 5)
    .map((scan) => ({
      type: 'button',
      label: `Cancel #${scan.id}`,
      style: 'danger',
      action: { type: 'cancel-scan', scan: scan.id },
    }));
}
