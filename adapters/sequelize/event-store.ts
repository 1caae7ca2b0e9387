import type { Transaction } from 'sequelize';
import { Op } from 'sequelize';
import type { EventStore, RecordedEvent } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { batches, fromJson, nonNull } from './rows.ts';
import type { EventRow } from './tables/event-tables.ts';
import type { Tables } from './tables/tables.ts';
import { wantMessage } from './want-message.ts';

const IDS_A_BATCH = 500;

/** The log of what happened, from which the sinks are served. */
export function createEventStore(database: Database): EventStore {
  const { tables, read, write } = database;
  const { events } = tables;
  return {
    record: (event) => write((tx) => recordEvent(tables, event, tx)),
    byId: (id) =>
      read(async () => {
        const row = await events.first({ where: { id } });
        return row === undefined ? undefined : toEvent(row);
      }),
    undispatched: (limit) =>
      read(async () => (await events.find({ where: { dispatched: 0 }, order: [['id', 'ASC']], limit })).map(toEvent)),
    dispatch: (ids, dispatches, at) =>
      write(async (tx) => {
        for (const batch of batches(ids, IDS_A_BATCH)) await events.update({ dispatched: 1 }, { id: batch }, tx);
        for (const { event, channel, deltas } of dispatches) {
          const subject = { type: 'event' as const, event, ...nonNull({ deltas }) };
          await wantMessage(tables, { subject, channel, at }, tx);
        }
      }),
    prune: (before) =>
      write(async (tx) => {
        const old = await events.find({ where: { dispatched: 1, at: { [Op.lt]: before } }, attributes: ['id'] }, tx);
        const waiting = await tables.messages.find(
          {
            where: { subject_key: { [Op.like]: 'event|%' }, status: { [Op.ne]: 'sent' } },
            attributes: ['subject_key'],
          },
          tx,
        );
        const kept = new Set(waiting.map((row) => Number(row.subject_key.slice('event|'.length))));
        const gone = old.map(({ id }) => id).filter((id) => !kept.has(id));
        for (const batch of batches(gone, IDS_A_BATCH)) {
          await tables.messages.remove({ subject_key: batch.map((id) => `event|${id}`) }, tx);
          await events.remove({ id: batch }, tx);
        }
        return gone.length;
      }),
  };
}

/** In the transaction of what happened. */
export async function recordEvent(tables: Tables, event: Omit<RecordedEvent, 'id'>, tx: Transaction): Promise<void> {
  const { type, groupId, at, alertId, scanId, ...detail } = event;
  await tables.events.insert(
    {
      ...{ type, group_id: groupId, at, alert_id: alertId ?? null, scan_id: scanId ?? null },
      ...{ detail: JSON.stringify(detail), dispatched: 0 },
    },
    tx,
  );
}

function toEvent(row: EventRow): RecordedEvent {
  return {
    ...fromJson<Pick<RecordedEvent, 'deltaIds' | 'answer' | 'by'>>(row.detail),
    ...{ id: row.id, type: row.type as RecordedEvent['type'], groupId: row.group_id, at: row.at },
    ...nonNull({ alertId: row.alert_id, scanId: row.scan_id }),
  };
}
