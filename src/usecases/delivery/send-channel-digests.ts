import type { Card } from '../../cards/card.ts';
import { channelDigestCard } from '../../cards/channel-digest.ts';
import type { ChannelDigest } from '../../core/model/channel-digest.ts';
import type { Group } from '../../core/model/group.ts';
import type { ChannelRef } from '../../core/model/principal.ts';
import { reportOf } from '../../core/report/report.ts';
import { nextRuns } from '../../core/time/runs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NoticeDeps } from './notices.ts';

export type ChannelDigestDeps = NoticeDeps & { clock: Clock };

/** A chore: posts the state of its groups in each channel that asked for a digest, when it is due. */
export async function sendChannelDigests(deps: ChannelDigestDeps): Promise<void> {
  const at = deps.clock.now();
  for (const digest of await deps.store.digests.list()) {
    const [due] = nextRuns(digest.when, digest.sentAt, 1);
    if (due === undefined || due > at) continue;
    if (await deps.store.digests.send(digest, { card: await digestOf(deps, digest, at), at })) deps.wake();
  }
}

/** Open changes are those open now, however old. Times are epoch ms. */
export async function digestOf(
  deps: Pick<ChannelDigestDeps, 'store' | 'channelsOf'>,
  { channel, sentAt: since }: Pick<ChannelDigest, 'channel' | 'sentAt'>,
  now: number,
): Promise<Card> {
  const groups = await groupsIn(deps, channel);
  const ids = groups.map(({ id }) => id);
  const counts = ids.length === 0 ? undefined : await deps.store.reports.counts(ids, since);
  const report = counts === undefined ? [] : reportOf(counts, { title: '', from: since, to: now, groups }).groups;
  const open = await deps.store.deltas.countOpen();
  const stand = report.map((row, index) => ({ ...row, open: open.get(ids[index] ?? 0) ?? 0 }));
  return channelDigestCard({ groups: stand, since, now });
}

async function groupsIn(
  { store, channelsOf }: Pick<ChannelDigestDeps, 'store' | 'channelsOf'>,
  channel: ChannelRef,
): Promise<Group[]> {
  const found: Group[] = [];
  for (const group of await store.groups.list()) {
    if (group.status === 'active' && (await channelsOf(group)).includes(channel)) found.push(group);
  }
  return found;
}
