import { Op, type Transaction, type WhereOptions } from 'sequelize';
import type { Acknowledgement } from '../../src/core/model/alert.ts';
import { subjectsOf } from '../../src/ports/message.ts';
import { type DeltaStore, UNSETTLED } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { answerColumns, toDelta } from './delta-rows.ts';
import { recordEvent } from './record-event.ts';
import { nonNull, plain } from './rows.ts';
import { saveSettings } from './settings-store.ts';
import type { AcknowledgementRow, DeltaRow } from './tables/delta-tables.ts';
import type { Tables } from './tables/tables.ts';
import { touchMessages } from './want-message.ts';

/** How users answer deltas: the first answer holds; every answer and every undo stays on record. */
export function createAnswers({ tables, write }: Database): Pick<DeltaStore, 'acknowledge' | 'undo'> {
  return {
    acknowledge: (ids, answer) =>
      write(async (tx) => {
        const changed = await answerOpen(tables, ids, answer, tx);
        if (answer.type === 'false-alarm') await owe(tables, changed, tx);
        return await shown(tables, changed, tx);
      }),
    undo: (ids, by) =>
      write(async (tx) => {
        const who = { answered_by: by.by, answered_by_name: plain(by.byName), at: by.at };
        const falseAlarms = await tables.deltas.find({ where: { id: [...ids], answer: 'false-alarm' } }, tx);
        const answered = { id: [...ids], answer: { [Op.ne]: 'open' } };
        // The delta was answered until now, so its reminder counts from here.
        const changed = await change(tables, answered, { type: 'open' }, { answer: 'undone', ...who }, tx);
        await owe(
          tables,
          falseAlarms.map(({ id }) => id),
          tx,
        );
        return await shown(tables, changed, tx);
      }),
  };
}

/** The belief is corrected after this transaction; a process that is stopped in between does it at the next start. */
async function owe(tables: Tables, ids: readonly number[], tx: Transaction): Promise<void> {
  await saveSettings(
    tables,
    ids.map((id) => ({ key: `${UNSETTLED}${id}`, value: '1' })),
    tx,
  );
}

/** Together with the answer, or not at all: people would believe a message that shows another one. */
async function shown(tables: Tables, ids: readonly number[], tx: Transaction): Promise<number[]> {
  const rows = await tables.deltas.find({ where: { id: [...ids] } }, tx);
  await touchMessages(tables, subjectsOf(rows.map(toDelta)), undefined, tx);
  return [...ids];
}

/** Answers those that are open; returns their ids. */
export function answerOpen(
  tables: Tables,
  ids: readonly number[],
  answer: Exclude<Acknowledgement, { type: 'open' }>,
  tx: Transaction,
): Promise<number[]> {
  const history = {
    answered_by: answer.by,
    answered_by_name: plain(answer.byName),
    at: answer.at,
    note: answer.note === undefined ? null : plain(answer.note),
  };
  return change(tables, { id: [...ids], answer: 'open' }, answer, { answer: answer.type, ...history }, tx);
}

async function change(
  tables: Tables,
  where: WhereOptions<DeltaRow>,
  answer: Acknowledgement,
  history: Partial<AcknowledgementRow>,
  tx: Transaction,
): Promise<number[]> {
  const attributes = ['id', 'group_id', 'alert_id', 'state'] as const;
  const rows = await tables.deltas.find({ where, attributes, order: [['id', 'ASC']] }, tx);
  const ids = rows.map(({ id }) => id);
  const reminded = answer.type === 'open' ? { reminded_at: history.at ?? null } : {};
  await tables.deltas.update({ ...answerColumns(answer), ...reminded }, { id: ids }, tx);
  await tables.acknowledgements.insertMany(
    ids.map((id) => ({ ...history, delta_id: id })),
    tx,
  );
  await recordAnswers(tables, rows, answer, history, tx);
  return ids;
}

type Answered = Pick<DeltaRow, 'id' | 'group_id' | 'alert_id' | 'state'>;

/** One event per alert, for announced deltas. */
async function recordAnswers(
  tables: Tables,
  rows: readonly Answered[],
  answer: Acknowledgement,
  { answered_by, at }: Partial<AcknowledgementRow>,
  tx: Transaction,
): Promise<void> {
  const announced = rows.filter((row) => row.state === 'confirmed');
  for (const alertId of new Set(announced.map((row) => row.alert_id))) {
    const own = announced.filter((row) => row.alert_id === alertId);
    const [first] = own;
    if (first === undefined) continue;
    const where = { groupId: first.group_id, ...nonNull({ alertId, by: answered_by }) };
    const deltaIds = own.map(({ id }) => id);
    await recordEvent(tables, { type: 'delta-answered', ...where, at: at ?? 0, deltaIds, answer }, tx);
  }
}
