import type { Button } from '../../../cards/card.ts';
import { scanCard } from '../../../cards/scan.ts';
import { statusSections } from '../../../cards/status.ts';
import { counted } from '../../../cards/words.ts';
import type { Scan } from '../../../core/model/scan.ts';
import { scanSummary } from '../../../usecases/delivery/message-card.ts';
import { statusInput } from '../../../usecases/views/status-input.ts';
import { command } from '../../grammar/command.ts';
import { findScan } from '../../input/find.ts';
import { textOf } from '../../input/options.ts';
import { privately } from '../../private-reply.ts';

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
        return privately(scanCard({ scan, group, now, summary: await scanSummary(deps.store, scan) }));
      }
      const input = await statusInput(deps, now);
      const title = `${counted(input.scans.length, 'scan')} under way`;
      return privately({ title, tone: 'info', sections: statusSections(input), controls: cancelButtons(input.scans) });
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
