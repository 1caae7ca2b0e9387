import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { SiteLimits } from '../../core/model/site-limits.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import { type Gated, gateScan } from './gate.ts';
import type { GateDeps } from './present-targets.ts';

export type HandOverDeps = GateDeps & {
  queue: Queue;
  clock: Clock;
  siteLimits?: SiteLimits;
};

/** Why a scan that was stored does not start. */
const NOTHING_LEFT = 'none of its addresses is a target any more';
const PAUSED = 'its group is paused';

/**
 * Gives a stored scan to the workers, as much of it as may be asked now. False when it does not start: nothing of it is
 * left, its group is paused, or the gate can't tell what is excluded; the scan is then over and says why.
 */
export async function handOver(deps: HandOverDeps, scan: Scan, group: Group, delayMs = 0): Promise<boolean> {
  if (group.status === 'paused') return end(deps, scan, 'cancelled', PAUSED);
  const gated = await passed(deps, scan, group);
  if (gated instanceof UserError) return end(deps, scan, 'failed', gated.message);
  if (gated.left === 0n) return end(deps, scan, 'cancelled', NOTHING_LEFT);
  await noteStart(deps, scan, group);
  const { id: scanId, site } = scan;
  await deps.queue.addScan({ scanId, site, chunks: gated.chunks, ...(delayMs > 0 ? { delayMs } : {}) });
  return true;
}

/** What a command asked for is in the audit by the command. */
async function noteStart({ store, clock }: HandOverDeps, scan: Scan, group: Group): Promise<void> {
  if (scan.kind === 'scan' && scan.origin.type !== 'schedule') return;
  const by = scan.origin.type === 'schedule' ? `schedule ${scan.origin.schedule}` : 'a doubt';
  await store.audit.add({
    ...{ at: clock.now(), who: 'netdelta:bot', name: 'NetDelta', channel: 'netdelta:bot', outcome: 'ok' },
    request: `${scan.kind} ${scan.id} of ${group.name}, ${scan.hostsTotal} addresses, for ${by}`,
  });
}

async function passed(deps: HandOverDeps, scan: Scan, group: Group): Promise<Gated | UserError> {
  try {
    return await gateScan(deps, scan, group);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function end(deps: HandOverDeps, scan: Scan, to: 'cancelled' | 'failed', error: string): Promise<false> {
  await deps.store.scans.transition(scan.id, ['queued', 'running'], to, { finishedAt: deps.clock.now(), error });
  return false;
}
