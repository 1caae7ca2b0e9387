import type { Transaction } from 'sequelize';
import type { RecordedEvent } from '../../src/ports/store.ts';
import type { Tables } from './tables/tables.ts';

/** In the transaction of the change itself. Returns its id. */
export function recordEvent(
  tables: Tables,
  event: Omit<RecordedEvent, 'id'>,
  tx: Transaction,
  dispatched = false,
): Promise<number> {
  const { type, groupId, at, alertId, scanId, ...detail } = event;
  return tables.events.insert(
    {
      ...{ type, group_id: groupId, at, alert_id: alertId ?? null, scan_id: scanId ?? null },
      ...{ detail: JSON.stringify(detail), dispatched: dispatched ? 1 : 0 },
    },
    tx,
  );
}
