import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { DeltaStore, Reminder } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toDelta } from './delta-rows.ts';
import type { DeltaRow } from './tables/delta-tables.ts';
import { wantAlertPart } from './want-message.ts';

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
      await wantAlertPart(tables, { alert: alertId, about: { type: 'notice', card }, channel, at }, tx);
    }
  }
}

/** Reported, nobody has answered it, it has not ended, and nobody was reminded of it since. */
function open(remindedBefore: number): object {
  const reported = { state: 'confirmed', alert_id: { [Op.ne]: null }, part_of: null };
  const reminded = { reminded_at: { [Op.or]: [null, { [Op.lte]: remindedBefore }] } };
  return { ...reported, answer: 'open', resolved_at: null, ...reminded };
}
