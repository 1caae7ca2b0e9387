import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { DeltaStore, Reminder } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toDelta } from './delta-rows.ts';
import type { DeltaRow } from './tables/delta-tables.ts';
import { wantAlertPart, wantMessage } from './want-message.ts';

export function createReminders({ tables, read, write }: Database): Pick<DeltaStore, 'unanswered' | 'remind'> {
  const { deltas } = tables;
  return {
    unanswered: (groupId, { risks, before, remindedBefore }) =>
      read(async () => {
        const old = { at: { [Op.lte]: before }, now_at: { [Op.or]: [null, { [Op.lte]: before }] } };
        const where = {
          group_id: groupId,
          risk: [...risks],
          ...old,
          ...open(remindedBefore),
        } as WhereOptions<DeltaRow>;
        return (await deltas.find({ where, order: [['id', 'DESC']] })).map(toDelta);
      }),
    remind: (reminder) =>
      write(async (tx) => {
        const where = { id: [...reminder.deltas], ...open(reminder.remindedBefore) } as WhereOptions<DeltaRow>;
        if ((await deltas.count(where, tx)) < reminder.deltas.length) return false;
        await deltas.update({ reminded_at: reminder.at }, where, tx);
        await sayAll(reminder, tx);
        return true;
      }),
  };

  async function sayAll({ replies, at }: Reminder, tx: Transaction): Promise<void> {
    for (const { alertId, card, channel } of replies) {
      const about = { type: 'notice' as const, card };
      if (alertId === undefined) await wantMessage(tables, { subject: about, channel, at }, tx);
      else await wantAlertPart(tables, { alert: alertId, about, channel, at }, tx);
    }
  }
}

/**
 * Reported, unanswered, not over, and without a reminder since. A delta that a mute had held back is in no alert, and
 * was reported when the mute ended.
 */
function open(remindedBefore: number): object {
  const past = { reminded_at: { [Op.lte]: remindedBefore } };
  const told = { [Op.or]: [{ alert_id: { [Op.ne]: null }, reminded_at: null }, past] };
  return { state: 'confirmed', part_of: null, answer: 'open', resolved_at: null, ...told };
}
