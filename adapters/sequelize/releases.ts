import type { Transaction } from 'sequelize';
import { subjectsOf } from '../../src/ports/message.ts';
import type { DeltaStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toDelta } from './delta-rows.ts';
import { recordEvent } from './record-event.ts';
import { plain } from './rows.ts';
import type { Tables } from './tables/tables.ts';
import { touchMessages } from './want-message.ts';

/** Deltas that were held back: given another reason, released, or found to be over. */
export function createReleases({
  tables,
  write,
}: Database): Pick<DeltaStore, 'hold' | 'release' | 'refute' | 'resolve'> {
  const { deltas } = tables;
  return {
    hold: (ids, reason) =>
      write(async (tx) => {
        await deltas.update({ held_back: plain(reason) }, { id: [...ids], state: 'suppressed' }, tx);
      }),
    release: (ids, { groupId, at, reason, thread }) =>
      write(async (tx) => {
        const where = { id: [...ids], state: 'suppressed' };
        const held = await deltas.find({ where }, tx);
        for (const scanId of new Set(held.map(({ scan_id }) => scan_id))) {
          const rows = held.filter(({ scan_id }) => scan_id === scanId);
          const own = rows.map(({ id }) => id);
          const alertId = await alertOf(tables, { groupId, scanId, at, thread }, tx);
          // It is reported now, so its reminder counts from here.
          const now = { state: 'confirmed', held_back: null, alert_id: alertId, reminded_at: at };
          await deltas.update(now, { id: own }, tx);
          await recordEvent(tables, { type: 'delta-released', groupId, at, alertId, deltaIds: own, reason }, tx);
          const joined = rows.map((row) => toDelta({ ...row, alert_id: alertId }));
          await touchMessages(tables, subjectsOf(joined), undefined, tx);
        }
        return held.map(({ id }) => id);
      }),
    refute: (ids) =>
      write(async (tx) => {
        const doubts = await deltas.find({ where: { id: [...ids], state: 'candidate' } }, tx);
        await deltas.update({ state: 'refuted' }, { id: doubts.map(({ id }) => id) }, tx);
        const scans = [...new Set(doubts.map(({ scan_id }) => scan_id))];
        await touchMessages(
          tables,
          scans.map((scan) => ({ type: 'scan' as const, scan })),
          undefined,
          tx,
        );
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

/** The alert of the scan that found it, opened if there was none: later changes to it are posted there. */
async function alertOf(
  { alerts }: Tables,
  { groupId, scanId, at, thread }: { groupId: number; scanId: number; at: number; thread: string },
  tx: Transaction,
): Promise<number> {
  const known = await alerts.first({ where: { scan_id: scanId } }, tx);
  const opened = { group_id: groupId, scan_id: scanId, previous_id: null, thread, created_at: at };
  return known?.id ?? (await alerts.insert(opened, tx));
}
