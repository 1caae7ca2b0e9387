import { createHash } from 'node:crypto';
import type { Message, MessageSubject } from '../../src/ports/message.ts';
import { fromJson, nonNull } from './rows.ts';
import type { MessageRow } from './tables/message-tables.ts';

/** A message's subject as one short text. Notices are distinguished by their content. */
export function subjectKey(subject: MessageSubject): string {
  switch (subject.type) {
    case 'alert':
      return `alert|${subject.alert}`;
    case 'alert-host':
      return threadPrefix(subject.type, subject.alert) + subject.host;
    case 'alert-kind':
      return threadPrefix(subject.type, subject.alert) + subject.kind;
    case 'scan':
      return `scan|${subject.scan}`;
    case 'first-determined':
      return `first-determined|${subject.group}`;
    case 'failed-scans':
      return `failed-scans|${subject.scan}|${subject.day}`;
    case 'report':
      return `report|${subject.schedule}|${subject.to}`;
    case 'event':
      return `event|${subject.event}`;
    case 'notice':
      return `notice|${createHash('sha256').update(JSON.stringify(subject.card)).digest('hex')}`;
  }
}

/** The common prefix of the keys of all messages in an alert's thread. */
export function threadPrefix(type: 'alert-host' | 'alert-kind', alert: number): string {
  return `${type}|${alert}|`;
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    subject: fromJson<MessageSubject>(row.subject),
    channel: row.channel,
    wanted: row.wanted,
    sent: row.sent,
    status: row.status as Message['status'],
    notBefore: row.not_before,
    attempts: row.attempts,
    uncertain: row.uncertain === 1,
    createdAt: row.created_at,
    ...nonNull({ parentId: row.parent_id, failure: row.failure }),
    ...(row.ref_id === null ? {} : { ref: { id: row.ref_id, ...nonNull({ thread: row.ref_thread }) } }),
  };
}
