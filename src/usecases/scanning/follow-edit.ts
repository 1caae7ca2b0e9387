import { UserError } from '../../core/errors.ts';
import type { Group } from '../../core/model/group.ts';
import type { PrincipalKey } from '../../core/model/principal.ts';
import { cancelNote, type Scan } from '../../core/model/scan.ts';
import { gateScan } from './gate.ts';
import type { HandOverDeps } from './hand-over.ts';

export type Followed = {
  /** Scans that cover less from now on; a chunk that nmap is working on starts again. */
  trimmed: { scan: Scan; addresses: bigint }[];
  /** Scans of which nothing was left. */
  cancelled: Scan[];
};

const OPEN = ['queued', 'running'] as const;
const PAGE = { limit: 200, offset: 0 };

/**
 * After an edit of a group or of the allowed targets, all its waiting, planned or running scans are cut down to what
 * may still be scanned. Nothing is widened. An exclusion that can't be resolved now stops them.
 */
export async function followEdit(deps: HandOverDeps, group: Group, by: PrincipalKey): Promise<Followed> {
  const followed: Followed = { trimmed: [], cancelled: [] };
  const open = await deps.store.scans.list({ groupId: group.id, statuses: OPEN }, PAGE);
  for (const scan of open.items) {
    const removed = await trim(deps, scan, group);
    if (removed === 'all') {
      await cancel(deps, scan, by);
      followed.cancelled.push(scan);
    } else if (removed > 0n) followed.trimmed.push({ scan, addresses: removed });
  }
  return followed;
}

/** The same for all groups: the allowed networks may have changed since the last start. */
export async function followConfiguration(deps: HandOverDeps, by: PrincipalKey): Promise<void> {
  const open = new Set(await groupsWithOpenScans(deps.store));
  for (const group of await deps.store.groups.list()) if (open.has(group.id)) await followEdit(deps, group, by);
}

async function groupsWithOpenScans({ scans }: HandOverDeps['store']): Promise<number[]> {
  const groups: number[] = [];
  for (let offset = 0; ; offset += PAGE.limit) {
    const { items, total } = await scans.list({ statuses: OPEN }, { ...PAGE, offset });
    groups.push(...items.map(({ groupId }) => groupId));
    if (offset + PAGE.limit >= total) return groups;
  }
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
