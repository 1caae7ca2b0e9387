import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { cancelNote, type Scan } from '../../core/model/scan.ts';
import { gateScan } from './gate.ts';
import type { HandOverDeps } from './hand-over.ts';

export type Followed = {
  /** Scans that ask less from now on; those that nmap is busy with begin that part anew. */
  trimmed: { scan: Scan; addresses: bigint }[];
  /** Scans of which nothing was left. */
  cancelled: Scan[];
};

const PAGE = { limit: 200, offset: 0 };

/**
 * A group was edited, or what may be scanned: its scans of every kind that wait, are planned or run ask only what is
 * left of them. Nothing is widened. An exclusion that can't be told now (a name that does not resolve) stops them.
 */
export async function followEdit(deps: HandOverDeps, group: Group, by: PrincipalKey): Promise<Followed> {
  const followed: Followed = { trimmed: [], cancelled: [] };
  const open = await deps.store.scans.list({ groupId: group.id, statuses: ['queued', 'running'] }, PAGE);
  for (const scan of open.items) {
    const removed = await trim(deps, scan, group);
    if (removed === 'all') {
      await cancel(deps, scan, by);
      followed.cancelled.push(scan);
    } else if (removed > 0n) followed.trimmed.push({ scan, addresses: removed });
  }
  return followed;
}

/** The same for all groups: the allowed networks may be other ones since the last start. */
export async function followConfiguration(deps: HandOverDeps, by: PrincipalKey): Promise<void> {
  for (const group of await deps.store.groups.list()) await followEdit(deps, group, by);
}

async function trim(deps: HandOverDeps, scan: Scan, group: Group): Promise<bigint | 'all'> {
  try {
    const { chunks, removed, left } = await gateScan(deps, scan, group);
    if (left === 0n) return 'all';
    await deps.queue.retarget({ scanId: scan.id, site: scan.site, chunks });
    return removed;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await deps.store.scans.addNote(scan.id, error.message);
    return 'all';
  }
}

async function cancel({ store, queue, clock }: HandOverDeps, scan: Scan, by: PrincipalKey): Promise<void> {
  await store.scans.addNote(scan.id, cancelNote(by));
  await store.scans.transition(scan.id, ['queued'], 'cancelled', { finishedAt: clock.now() });
  await queue.cancelScan(scan.id, scan.site);
}
