import type { Group } from '../../core/model/group.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import type { Scan } from '../../core/model/scan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import { tellGroup } from './notices.ts';

export type TellFailureDeps = {
  store: Store;
  clock: Clock;
  channelsOf(group: Group): Promise<readonly ChannelRef[]>;
  wake(): void;
};

/**
 * A scheduled scan that failed is told where its alerts would have gone: silence would look like "no change". Once for
 * a row of failures. One asked for by a command says so in its own message; a failed confirmation leaves its
 * candidates to the next scan.
 */
export async function tellFailure(deps: TellFailureDeps, scan: Scan, error: string): Promise<void> {
  if (scan.origin.type !== 'schedule' || scan.kind === 'confirmation') return;
  const group = await deps.store.groups.byId(scan.groupId);
  if (group === undefined || (await failedBefore(deps.store, scan))) return;
  await tellGroup(deps, group, {
    title: `${group.name}: a scheduled scan failed`,
    tone: 'error',
    lines: [
      `Scan ${scan.id}: ${error}`,
      'Nothing is known of the time since the last good scan. Further failures in a row are not reported.',
    ],
    at: deps.clock.now(),
    shownAt: scan.startedAt ?? scan.queuedAt,
  });
}

async function failedBefore(store: Store, scan: Scan): Promise<boolean> {
  const { items } = await store.scans.list({ groupId: scan.groupId, kind: 'scan' }, { limit: 2, offset: 0 });
  return items.find((other) => other.id !== scan.id)?.status === 'failed';
}
