import type { Transaction } from 'sequelize';
import { recordEvent } from './record-event.ts';
import { batches, fromJson } from './rows.ts';
import type { Tables } from './tables/tables.ts';
import { wantMessage } from './want-message.ts';

const IDS_A_BATCH = 500;

/** Drops the oldest events that wait for each place beyond `keep`; the place receives their number. */
export async function dropWaiting(
  tables: Tables,
  { platforms, keep, at }: { platforms: readonly string[]; keep: number; at: number },
  tx: Transaction,
): Promise<{ channel: string; lost: number }[]> {
  const waiting = await tables.messages.find(
    {
      where: { platform: [...platforms], status: 'pending' },
      order: [['id', 'ASC']],
      attributes: ['id', 'channel', 'group_id', 'subject'],
    },
    tx,
  );
  const dropped: { channel: string; lost: number }[] = [];
  for (const channel of new Set(waiting.map((row) => row.channel))) {
    const own = waiting.filter((row) => row.channel === channel);
    const gone = own.slice(0, Math.max(0, own.length - keep));
    const groupId = gone.at(-1)?.group_id ?? undefined;
    if (groupId === undefined) continue;
    let lost = 0;
    for (const row of gone) lost += await lostWith(tables, fromJson<{ event?: number }>(row.subject), tx);
    for (const ids of batches(
      gone.map(({ id }) => id),
      IDS_A_BATCH,
    ))
      await tables.messages.remove({ id: ids }, tx);
    const event = await recordEvent(tables, { type: 'events-lost', groupId, at, deltaIds: [], lost }, tx, true);
    await wantMessage(tables, { subject: { type: 'event', event }, channel, at }, tx);
    dropped.push({ channel, lost });
  }
  return dropped;
}

/** One, or the count of an earlier notice of lost events, so that no count is lost with it. */
async function lostWith(tables: Tables, { event }: { event?: number }, tx: Transaction): Promise<number> {
  const row = event === undefined ? undefined : await tables.events.first({ where: { id: event } }, tx);
  return row?.type === 'events-lost' ? (fromJson<{ lost?: number }>(row.detail).lost ?? 0) : 1;
}
