import { literal, Op } from 'sequelize';
import type { MessageStore } from '../../src/ports/store.ts';
import { claimMessages, countPending, nextDue, pendingByChannel } from './claim-messages.ts';
import type { Database } from './database.ts';
import { subjectKey, threadPrefix, toMessage } from './message-rows.ts';
import { pruneMessages } from './prune-messages.ts';
import type { MessageRow } from './tables/message-tables.ts';
import { touchMessages, wantMessage } from './want-message.ts';

const RELEASED: Partial<MessageRow> = { lease_until: null, claimed: null };

export function createMessageStore(database: Database): MessageStore {
  const { tables, read, write } = database;
  const { messages } = tables;
  return {
    want: (message) => write((tx) => wantMessage(tables, message, tx)),
    touch: (subjects, options) => write((tx) => touchMessages(tables, subjects, options?.notBefore, tx)),
    bySubject: (subject) =>
      read(async () => {
        const rows = await messages.find({ where: { subject_key: subjectKey(subject) }, order: [['id', 'ASC']] });
        return rows.map(toMessage);
      }),
    threadParts: (alert) =>
      read(async () => {
        const prefixes = [threadPrefix('alert-host', alert), threadPrefix('alert-kind', alert)];
        const like = prefixes.map((prefix) => ({ subject_key: { [Op.like]: `${prefix}%` } }));
        const rows = await messages.find({ where: { [Op.or]: like }, attributes: ['subject_key'] });
        return new Set(rows.map(({ subject_key: key }) => key.slice(key.lastIndexOf('|') + 1)));
      }),
    byId: (id) =>
      read(async () => {
        const row = await messages.first({ where: { id } });
        return row === undefined ? undefined : toMessage(row);
      }),
    claim: (options) => claimMessages(database, options),
    // `claimed` stays: it shows the next claim that this may have been posted.
    releaseClaims: () =>
      write(async (tx) => {
        await messages.update({ lease_until: null }, { lease_until: { [Op.ne]: null } }, tx);
      }),
    hasten: (now) =>
      write(async (tx) => {
        await messages.update({ not_before: now }, { status: 'pending', not_before: { [Op.gt]: now } }, tx);
      }),
    countPending: (_now, platforms) => countPending(database, platforms),
    nextDue: (platforms) => nextDue(database, platforms),
    delivered: (id, revision, ref) =>
      write(async (tx) => {
        const row = await messages.first({ where: { id } }, tx);
        if (row === undefined) return;
        const sent = Math.max(row.sent, revision);
        const status = row.wanted > sent ? 'pending' : 'sent';
        const posted = ref === undefined ? {} : { ref_id: ref.id, ref_thread: ref.thread ?? row.ref_thread };
        const done = { ...RELEASED, ...posted, sent, status, attempts: 0, uncertain: 0, failure: null };
        await messages.update(done, { id }, tx);
      }),
    retryLater: (id, { notBefore, failure, uncertain }) =>
      write(async (tx) => {
        const row = await messages.first({ where: { id }, attributes: ['attempts'] }, tx);
        const attempts = (row?.attempts ?? 0) + 1;
        const waits = { ...RELEASED, not_before: notBefore, failure, uncertain: uncertain ? 1 : 0, attempts };
        await messages.update(waits, { id }, tx);
      }),
    failed: (id, failure) =>
      write(async (tx) => {
        await messages.update({ ...RELEASED, status: 'failed', failure }, { id }, tx);
      }),
    listFailed: ({ limit, offset }) =>
      read(async () => {
        const where = { status: 'failed' };
        const rows = await messages.find({ where, order: [['id', 'DESC']], limit, offset });
        return { items: rows.map(toMessage), total: await messages.count(where) };
      }),
    listPending: (before, { limit, offset }) =>
      read(async () => {
        const where = { status: 'pending', created_at: { [Op.lte]: before } };
        const rows = await messages.find({ where, order: [['id', 'ASC']], limit, offset });
        return { items: rows.map(toMessage), total: await messages.count(where) };
      }),
    pendingByChannel: (before) => pendingByChannel(database, before),
    prune: (before, limit) => write((tx) => pruneMessages(database, before, limit, tx)),
    resend: (id, at) =>
      write(async (tx) => {
        const again = { status: 'pending', attempts: 0, not_before: at, wanted: literal('wanted + 1') };
        return (await messages.update(again as unknown as Partial<MessageRow>, { id, status: 'failed' }, tx)) > 0;
      }),
  };
}
