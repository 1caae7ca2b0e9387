import type { Transaction } from 'sequelize';
import { subjectsOf } from '../../src/ports/message.ts';
import type { DeltaStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toDelta } from './delta-rows.ts';
import { recordEvent } from './record-event.ts';
import { plain } from './rows.ts';
import type { Tables } from './tables/tables.ts';
import { touchMessages } from './want-message.ts';

/** What was held back: kept by another reason, let go, or found over. */
export function createReleases({ tables, write }: Database): Pick<DeltaStore, 'hold' | 'release' | 'resolve'> {
  const { deltas } = tables;
  return {
    hold: (ids, reason) =>
      write(async (tx) => {
        await deltas.update({ held_back: plain(reason) }, { id: [...ids], state: 'suppressed' }, tx);
      }),
    release: (ids, { groupId, at, reason, thread }) =>
      write(async (tx) => {
        const where = { id: [...ids], state: 'suppressed' };
        const held = await deltas.find({ where, attributes: ['id', 'scan_id'] }, tx);
        for (const scanId of new Set(held.map(({ scan_id }) => scan_id))) {
          const own = held.filter(({ scan_id }) => scan_id === scanId).map(({ id }) => id);
          const alertId = await alertOf(tables, { groupId, scanId, at, thread }, tx);
          // It is told now: its reminder counts from here.
          const now = { state: 'confirmed', held_back: null, alert_id: alertId, reminded_at: at };
          await deltas.update(now, { id: own }, tx);
          await recordEvent(tables, { type: 'delta-released', groupId, at, alertId, deltaIds: own, reason }, tx);
        }
        return held.map(({ id }) => id);
      }),
    resolve: (ids, at) =>
      write(async (tx) => {
        const over = await deltas.find({ where: { id: [...ids], resolved_at: null } }, tx);
        const changed = over.map(({ id }) => id);
        await deltas.update({ resolved_at: at }, { id: changed }, tx);
        await touchMessages(tables, subjectsOf(over.map(toDelta)), undefined, tx);
      }),
  };
}

/** The alert of the scan that found it, opened where it had none: what becomes of it later has its place there. */
async function alertOf(
  { alerts }: Tables,
  { groupId, scanId, at, thread }: { groupId: number; scanId: number; at: number; thread: string },
  tx: Transaction,
): Promise<number> {
  const known = await alerts.first({ where: { scan_id: scanId } }, tx);
  const opened = { group_id: groupId, scan_id: scanId, previous_id: null, thread, created_at: at };
  return known?.id ?? (await alerts.insert(opened, tx));
}
