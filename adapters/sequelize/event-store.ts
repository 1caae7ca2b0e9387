import type { Transaction } from 'sequelize';
import { Op } from 'sequelize';
import type { EventStore, RecordedEvent } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { dropWaiting } from './drop-waiting.ts';
import { recordEvent } from './record-event.ts';
import { batches, fromJson, nonNull } from './rows.ts';
import type { EventRow } from './tables/event-tables.ts';
import type { Tables } from './tables/tables.ts';
import { wantMessage } from './want-message.ts';

const IDS_A_BATCH = 500;
/** They belong to one place, or are not collected in digests. */
const NOT_GATHERED = ['digest', 'report', 'events-lost', 'test'];

/** The log of events, from which the sinks are served. */
export function createEventStore(database: Database): EventStore {
  const { tables, read, write } = database;
  const { events } = tables;
  return {
    record: (event) =>
      write(async (tx) => {
        await recordEvent(tables, event, tx);
      }),
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
    opening: (alertId) =>
      read(async () => {
        const row = await events.first({ where: { alert_id: alertId, type: 'alert-opened' }, order: [['id', 'ASC']] });
        return row === undefined ? undefined : toEvent(row);
      }),
    since: (groupId, after) =>
      read(async () => {
        const where = { group_id: groupId, id: { [Op.gt]: after }, type: { [Op.notIn]: NOT_GATHERED } };
        return (await events.find({ where, order: [['id', 'ASC']] })).map(toEvent);
      }),
    newest: () => read(async () => (await events.first({ order: [['id', 'DESC']], attributes: ['id'] }))?.id ?? 0),
    digest: (digest) => write((tx) => sendDigest(tables, digest, tx)),
    dropWaiting: (platforms, keep, at) => write((tx) => dropWaiting(tables, { platforms, keep, at }, tx)),
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

async function sendDigest(
  tables: Tables,
  { groupId, route, events, through, at, card }: Parameters<EventStore['digest']>[0],
  tx: Transaction,
): Promise<boolean> {
  const { channel, digest, ...filter } = route;
  if (digest === undefined) return false;
  const before = JSON.stringify({ ...filter, digest });
  const after = JSON.stringify({ ...filter, digest: { ...digest, through, sentAt: at } });
  const where = { group_id: groupId, channel, settings: before };
  if ((await tables.routes.update({ settings: after }, where, tx)) === 0) return false;
  if (events.length === 0) return true;
  const recorded = { type: 'digest' as const, groupId, at, deltaIds: [], since: digest.sentAt, events };
  const event = await recordEvent(tables, recorded, tx, true);
  const subject = card === undefined ? { type: 'event' as const, event } : { type: 'notice' as const, card };
  await wantMessage(tables, { subject, channel, at }, tx);
  return true;
}

function toEvent(row: EventRow): RecordedEvent {
  return {
    ...fromJson<Omit<RecordedEvent, 'id' | 'type' | 'groupId' | 'at' | 'alertId' | 'scanId'>>(row.detail),
    ...{ id: row.id, type: row.type as RecordedEvent['type'], groupId: row.group_id, at: row.at },
    ...nonNull({ alertId: row.alert_id, scanId: row.scan_id }),
  };
}
