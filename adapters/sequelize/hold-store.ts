import { Op } from 'sequelize';
import type { HoldStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { toDelta } from './delta-rows.ts';
import { expectationRow, muteRow, toExpectation, toMute, toWindow, windowRow } from './hold-rows.ts';
import { nonNull, plain } from './rows.ts';

/** However old they are: another reason may have held them back before this one. */
const STILL_HELD = { state: 'suppressed', answer: 'open', part_of: null, resolved_at: null };

export function createHoldStore({ tables, read, write }: Database): HoldStore {
  const { mutes, windows, expectations, deltas } = tables;
  return {
    addMute: (mute) => write(async (tx) => ({ ...mute, id: await mutes.insert(muteRow(mute), tx) })),
    mutes: () =>
      read(async () => (await mutes.find({ where: { ended_at: null }, order: [['id', 'ASC']] })).map(toMute)),
    endMute: (id, at) => write(async (tx) => (await mutes.update({ ended_at: at }, { id, ended_at: null }, tx)) > 0),
    addWindow: (window) => write(async (tx) => ({ ...window, id: await windows.insert(windowRow(window), tx) })),
    windows: (groupId) =>
      read(async () => {
        const where = nonNull({ group_id: groupId });
        return (await windows.find({ where, order: [['id', 'ASC']] })).map(toWindow);
      }),
    toldWindow: (id, until) =>
      write(async (tx) => {
        await windows.update({ told_until: until }, { id }, tx);
      }),
    removeWindow: (id) => write(async (tx) => (await windows.remove({ id }, tx)) > 0),
    addExpectation: (expectation) =>
      write(async (tx) => ({ ...expectation, id: await expectations.insert(expectationRow(expectation), tx) })),
    expectations: ({ groupId, status }) =>
      read(async () => {
        const where = nonNull({ group_id: groupId, status });
        return (await expectations.find({ where, order: [['id', 'ASC']] })).map(toExpectation);
      }),
    setExpectation: (id, status) =>
      write(async (tx) => (await expectations.update({ status }, { id, status: { [Op.ne]: status } }, tx)) > 0),
    heldBack: (reason, since) =>
      read(async () => {
        const where = { held_back: plain(reason), [Op.or]: [{ at: { [Op.gte]: since } }, STILL_HELD] };
        return (await deltas.find({ where, order: [['id', 'ASC']] })).map(toDelta);
      }),
  };
}
