import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { SiteLimits } from '../../core/model/site-limits.ts';
import { counted } from '../../core/text.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Queue } from '../../ports/queue.ts';
import { type Gated, gateScan } from './gate.ts';
import { withKnown } from './known-hosts.ts';
import type { GateDeps } from './present-targets.ts';

export type HandOverDeps = GateDeps & {
  queue: Queue;
  clock: Clock;
  siteLimits?: SiteLimits;
};

/** Why a stored scan does not start. */
const NOTHING_LEFT = 'none of its addresses is a target any more';
const PAUSED = 'its group is paused';

/**
 * Gives a stored scan to the workers, cut down to what its group allows now: the judgement that planned it may have
 * taken minutes, and the group may have been edited meanwhile. False when it does not start, because nothing of it is
 * left, its group is paused, or an exclusion can't be resolved; the scan is then over and shows the reason.
 */
export async function handOver(deps: HandOverDeps, scan: Scan, delayMs = 0): Promise<boolean> {
  const group = await deps.store.groups.byId(scan.groupId);
  if (group === undefined) return false;
  // A running scan of a paused group is completed.
  if (group.status === 'paused' && scan.status !== 'running') return end(deps, scan, 'cancelled', PAUSED);
  const gated = await passed(deps, scan, group);
  if (gated instanceof UserError) return end(deps, scan, 'failed', gated.message);
  if (gated.left === 0n) return end(deps, scan, 'cancelled', NOTHING_LEFT);
  await noteStart(deps, scan, group);
  const { id: scanId, site } = scan;
  const chunks = await withKnown(deps, scan, group, gated.chunks);
  await deps.queue.addScan({ scanId, site, chunks, ...(delayMs > 0 ? { delayMs } : {}) });
  return followLateEdit(deps, scan, group);
}

/** An edit that was made after the gate and before the queue knew the scan could not reach it. */
async function followLateEdit(deps: HandOverDeps, scan: Scan, before: Group): Promise<boolean> {
  const { id: scanId, site } = scan;
  const group = await deps.store.groups.byId(scan.groupId);
  if (group === undefined || asksTheSame(group, before)) return true;
  const gated = await passed(deps, scan, group);
  if (gated instanceof UserError || gated.left === 0n) {
    await deps.queue.cancelScan(scanId, site);
    return gated instanceof UserError
      ? end(deps, scan, 'failed', gated.message)
      : end(deps, scan, 'cancelled', NOTHING_LEFT);
  }
  await deps.queue.retarget({ scanId, site, chunks: gated.chunks });
  return followLateEdit(deps, scan, group);
}

function asksTheSame(one: Group, other: Group): boolean {
  const asked = ({ targets, exclude }: Group) => JSON.stringify([targets, exclude]);
  return asked(one) === asked(other);
}

/** A scan that a command requested is already in the audit. */
async function noteStart({ store, clock }: HandOverDeps, scan: Scan, group: Group): Promise<void> {
  if (scan.kind === 'scan' && scan.origin.type !== 'schedule') return;
  await store.audit.add({
    ...{ at: clock.now(), who: 'netdelta:bot', name: 'NetDelta', channel: 'netdelta:bot', outcome: 'ok' },
    request: `${scan.kind} ${scan.id} of ${group.name}, ${counted(scan.hostsTotal, 'address', 'addresses')}, for ${reasonOf(scan)}`,
  });
}

function reasonOf({ kind, origin, parentId }: Scan): string {
  if (origin.type === 'recheck') return 'a recheck';
  if (origin.type === 'baseline') return `the baseline of scan ${parentId}`;
  if (kind === 'confirmation') return `the doubts of scan ${parentId}`;
  return origin.type === 'schedule' ? `schedule ${origin.schedule}` : 'a command';
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
