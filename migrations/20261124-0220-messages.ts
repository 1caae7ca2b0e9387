import {
  belongsTo,
  createTable,
  dropTables,
  id,
  initially,
  type Migration,
  number,
  optional,
  principal,
  text,
  time,
  word,
} from './schema.ts';

/** The outbox: each message with the revision wanted and the revision sent, and its lease while it is being sent. */
export const messages: Migration = {
  name: '20261124-0220-messages',
  up: (schema) =>
    createTable(
      schema,
      'messages',
      {
        id,
        subject_key: word(160),
        subject: text,
        group_id: optional(belongsTo('groups')),
        channel: principal,
        platform: word(),
        parent_id: optional(belongsTo('messages')),
        ref_id: optional(word(255)),
        ref_thread: optional(word(255)),
        wanted: initially(number, 1),
        sent: initially(number, 0),
        status: initially(word(), 'pending'),
        not_before: time,
        attempts: initially(number, 0),
        uncertain: initially(number, 0),
        failure: optional(text),
        created_at: time,
        lease_until: optional(time),
        claimed: optional(number),
      },
      [
        { columns: ['channel', 'subject_key'], unique: true },
        { columns: ['subject_key'] },
        { columns: ['status', 'channel'] },
        { columns: ['channel', 'lease_until'] },
        { columns: ['parent_id'] },
        { columns: ['group_id'] },
      ],
    ),
  down: (schema) => dropTables(schema, 'messages'),
};
