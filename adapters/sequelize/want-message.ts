import { literal, type Transaction } from 'sequelize';
import { UserError } from '../../src/core/errors.ts';
import type { ChannelRef } from '../../src/core/model/principal.ts';
import type { MessageSubject } from '../../src/ports/message.ts';
import type { AlertPart } from '../../src/ports/store.ts';
import { subjectKey } from './message-rows.ts';
import { batches } from './rows.ts';
import type { MessageRow } from './tables/message-tables.ts';
import type { Tables } from './tables/tables.ts';

export type WantedMessage = {
  subject: MessageSubject;
  channel: ChannelRef;
  parentId?: number;
  at: number;
  notBefore?: number;
};

/** Adds the message, or asks for one more revision of the subject's existing one in that channel. Returns its id. */
export async function wantMessage(tables: Tables, message: WantedMessage, tx: Transaction): Promise<number> {
  const { subject, channel, at } = message;
  const where = { channel, subject_key: subjectKey(subject) };
  const existing = await tables.messages.first({ where, attributes: ['id'] }, tx);
  if (existing !== undefined) {
    await tables.messages.update(oneMore(message.notBefore ?? at), { id: existing.id }, tx);
    return existing.id;
  }
  return tables.messages.insert(
    {
      ...where,
      subject: JSON.stringify(subject),
      group_id: await groupOf(tables, message, tx),
      platform: channel.slice(0, Math.max(0, channel.indexOf(':'))),
      parent_id: message.parentId ?? null,
      wanted: 1,
      sent: 0,
      status: 'pending',
      not_before: message.notBefore ?? at,
      attempts: 0,
      uncertain: 0,
      created_at: at,
    },
    tx,
  );
}

/**
 * A message about a host or a kind of an alert, and a reply, goes into the thread of the alert's own message in the
 * same channel.
 */
export async function wantAlertPart(
  tables: Tables,
  part: { alert: number; about: AlertPart; channel: ChannelRef; at: number },
  tx: Transaction,
): Promise<void> {
  const { alert, about, channel, at } = part;
  const subject: MessageSubject = about.type === 'notice' ? about : { ...about, alert };
  if (about.type === 'alert') {
    await wantMessage(tables, { subject, channel, at }, tx);
    return;
  }
  const parent: MessageSubject = { type: 'alert', alert };
  const opened = await tables.messages.first({ where: { channel, subject_key: subjectKey(parent) } }, tx);
  const parentId = opened?.id ?? (await wantMessage(tables, { subject: parent, channel, at }, tx));
  await wantMessage(tables, { subject, channel, parentId, at }, tx);
}

const SUBJECTS_A_BATCH = 500;

/** One more revision of every message of these subjects, in every channel. */
export async function touchMessages(
  tables: Tables,
  subjects: readonly MessageSubject[],
  notBefore: number | undefined,
  tx: Transaction,
): Promise<void> {
  for (const keys of batches([...new Set(subjects.map(subjectKey))], SUBJECTS_A_BATCH)) {
    await tables.messages.update(oneMore(notBefore ?? 0), { subject_key: keys }, tx);
  }
}

/**
 * A wait that the platform requested stays. An edit that already waits is not postponed by the next one, or a steady
 * stream of changes would never be shown. MariaDB assigns from left to right, so `wanted` changes last.
 */
function oneMore(notBefore: number): Partial<MessageRow> {
  const from = Number(notBefore);
  const earlier = `CASE WHEN not_before < ${from} THEN not_before ELSE ${from} END`;
  return {
    not_before: literal(
      `CASE WHEN attempts > 0 THEN not_before WHEN wanted > COALESCE(claimed, sent) THEN ${earlier} ELSE ${from} END`,
    ),
    status: literal(`CASE WHEN status = 'failed' THEN 'failed' ELSE 'pending' END`),
    wanted: literal('wanted + 1'),
  } as unknown as Partial<MessageRow>;
}

/** The group with which the message is deleted. */
async function groupOf(tables: Tables, { subject, parentId }: WantedMessage, tx: Transaction): Promise<number | null> {
  switch (subject.type) {
    case 'notice':
      return parentId === undefined
        ? null
        : ((await tables.messages.first({ where: { id: parentId }, attributes: ['group_id'] }, tx))?.group_id ?? null);
    case 'first-determined':
      return subject.group;
    case 'report':
      return subject.group ?? null;
    case 'event':
      return owner((await tables.events.first({ where: { id: subject.event } }, tx))?.group_id);
    case 'scan':
    case 'failed-scans':
      return owner((await tables.scans.first({ where: { id: subject.scan } }, tx))?.group_id);
    default:
      return owner((await tables.alerts.first({ where: { id: subject.alert } }, tx))?.group_id);
  }
}

function owner(groupId: number | undefined): number {
  if (groupId === undefined) throw new UserError('What that message is about is gone.');
  return groupId;
}
