import type { ChannelDigest } from '../../src/core/model/channel-digest.ts';
import type { DigestStore } from '../../src/ports/store.ts';
import type { Database } from './database.ts';
import { fromJson, plain } from './rows.ts';
import type { DigestRow } from './tables/message-tables.ts';
import { wantMessage } from './want-message.ts';

export function createDigestStore({ tables, read, write }: Database): DigestStore {
  const { digests } = tables;
  return {
    list: () => read(async () => (await digests.find({ order: [['channel', 'ASC']] })).map(toDigest)),
    set: ({ channel, phrase, when, zone, sentAt }) =>
      write((tx) => {
        const row = { channel, phrase: plain(phrase), due: JSON.stringify(when), zone, sent_at: sentAt };
        return digests.upsertMany([row], ['channel'], tx);
      }),
    remove: (channel) => write(async (tx) => (await digests.remove({ channel }, tx)) > 0),
    send: ({ channel, sentAt }, { card, at }) =>
      write(async (tx) => {
        if ((await digests.update({ sent_at: at }, { channel, sent_at: sentAt }, tx)) === 0) return false;
        await wantMessage(tables, { subject: { type: 'notice', card }, channel, at }, tx);
        return true;
      }),
  };
}

function toDigest({ channel, phrase, due, zone, sent_at: sentAt }: DigestRow): ChannelDigest {
  return { channel, phrase, when: fromJson<ChannelDigest['when']>(due), zone, sentAt };
}
