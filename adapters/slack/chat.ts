import type { webApi } from '@slack/bolt';
import type { Card } from '../../src/cards/card.ts';
import type { ChannelRef } from '../../src/core/principal.ts';
import { type Chat, DeliveryError, type MessageRef, type OutgoingMessage } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import { deliveryError } from './api-error.ts';
import { cardText, wholeFile } from './card-text.ts';
import type { Directory } from './directory.ts';
import { filesOf } from './files.ts';
import { findMessage, METADATA_EVENT } from './find-message.ts';
import type { Pace } from './pace.ts';
import { cutTo, escapeEntities } from './plain.ts';
import { remember } from './remembered.ts';
import { type Rendered, renderMessage } from './render.ts';
import { createUploads, fileMissing } from './uploads.ts';

const REMEMBERED = 500;
/** Slack doesn't like the layout: its limits have changed, or we are wrong. Words are better than nothing. */
const LAYOUT_REFUSED = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'invalid_attachments',
];
const PLAIN_TEXT = 3_000;

export type ChatDeps = {
  client: webApi.WebClient;
  directory: Directory;
  pace: Pace;
  log: Log;
  /** Told every failure, before it is thrown. */
  onFailure(error: DeliveryError): void;
};

/** What this process knows of a nonce: where its message stands, or that its answer was lost. */
type Known = { ref: MessageRef; filesDone: boolean } | { lostAt: number };

export function createChat(deps: ChatDeps): Chat {
  const { client, directory, pace, log } = deps;
  const uploads = createUploads({ client, pace, log });
  const known = remember<Known>(REMEMBERED);

  async function call<T>(channel: string, work: () => Promise<T>): Promise<T> {
    await pace.turn(channel);
    try {
      return await work();
    } catch (error) {
      const failure = deliveryError(error);
      if (failure.code === 'rate_limited') pace.silence(channel, failure.retryAfterMs ?? 0);
      throw failure;
    }
  }

  /** Sends the card, and once more as plain words when Slack refuses its layout. */
  async function send<T>(card: Card, rendered: Rendered, work: (content: Rendered) => Promise<T>): Promise<T & Sent> {
    try {
      return { ...(await work(rendered)), cut: rendered.cut };
    } catch (error) {
      const failure = deliveryError(error);
      if (!LAYOUT_REFUSED.includes(failure.code)) throw failure;
      log.error(
        { code: failure.code, title: card.title },
        'Slack refused the layout of a message; it is sent as plain text',
      );
      const text = cutTo(escapeEntities(cardText(card)), PLAIN_TEXT);
      return { ...(await work({ text, blocks: [], attachments: [], cut: true })), cut: true };
    }
  }

  async function postNew(message: OutgoingMessage): Promise<MessageRef> {
    const channel = await directory.conversation(message.channel);
    const thread = message.inThreadOf?.thread ?? message.inThreadOf?.id;
    const pinged = message.card.mention ?? [];
    const people = await directory.people(message.card, (key) => pinged.includes(key));
    const rendered = renderMessage(message.card, { people, whole: wholeIn(message.card) });
    const { ts, cut } = await send(message.card, rendered, (content) =>
      call(channel, () =>
        client.chat.postMessage({
          channel,
          ...shown(content),
          ...(thread === undefined ? {} : { thread_ts: thread }),
          metadata: { event_type: METADATA_EVENT, event_payload: { nonce: message.nonce } },
          unfurl_links: false,
          unfurl_media: false,
          mrkdwn: false,
        }),
      ),
    );
    if (ts === undefined) throw new DeliveryError('unreadable_answer', { retryable: true, uncertain: true });
    const ref = { channel: message.channel, id: ts, ...(thread === undefined ? {} : { thread }) };
    const files = filesOf(message.card, cut, message.attachments);
    known.set(message.nonce, { ref, filesDone: files.length === 0 });
    await hang(message.nonce, ref, channel, files, true);
    return ref;
  }

  async function hang(
    nonce: string,
    ref: MessageRef,
    channel: string,
    files: ReturnType<typeof filesOf>,
    fresh: boolean,
  ) {
    if (files.length === 0) return;
    try {
      await uploads.bring({ channel, ts: ref.id, thread: ref.thread ?? ref.id }, files, { fresh });
    } catch (error) {
      throw fileMissing(error);
    }
    known.set(nonce, { ref, filesDone: true });
  }

  async function post(message: OutgoingMessage): Promise<MessageRef> {
    const before = known.get(message.nonce);
    const ref = before !== undefined && 'lostAt' in before ? await refind(message, before.lostAt) : before?.ref;
    if (ref === undefined) return postNew(message);
    if (before !== undefined && 'ref' in before && before.filesDone) return ref;
    const channel = await directory.conversation(message.channel);
    const people = await directory.people(message.card, () => false);
    const { cut } = renderMessage(message.card, { people, whole: wholeIn(message.card) });
    await hang(message.nonce, ref, channel, filesOf(message.card, cut, message.attachments), false);
    return ref;
  }

  async function refind(message: OutgoingMessage, lostAt: number): Promise<MessageRef | undefined> {
    const where = { channel: message.channel, since: lostAt - 60_000 };
    return find(message.nonce, message.inThreadOf === undefined ? where : { ...where, inThreadOf: message.inThreadOf });
  }

  async function update(ref: MessageRef, card: Card): Promise<void> {
    const channel = await directory.conversation(ref.channel);
    // An edit notifies nobody, so people can be shown as what they are.
    const people = await directory.people(card, () => true);
    const rendered = renderMessage(card, { people, whole: wholeIn(card) });
    const { cut } = await send(card, rendered, (content) =>
      call(channel, () => client.chat.update({ channel, ts: ref.id, ...shown(content) })),
    );
    const files = filesOf(card, cut);
    await uploads.bring({ channel, ts: ref.id, thread: ref.thread ?? ref.id }, files, { fresh: false });
  }

  async function find(
    nonce: string,
    where: { channel: ChannelRef; inThreadOf?: MessageRef; since: number },
  ): Promise<MessageRef | undefined> {
    const here = known.get(nonce);
    if (here !== undefined && 'ref' in here) return here.ref;
    const channel = await directory.conversation(where.channel);
    const thread = where.inThreadOf?.thread ?? where.inThreadOf?.id;
    const ts = await call(channel, () => findMessage(client, nonce, { channel, thread, since: where.since }));
    if (ts === undefined) {
      known.delete(nonce);
      return undefined;
    }
    const ref = { channel: where.channel, id: ts, ...(thread === undefined ? {} : { thread }) };
    known.set(nonce, { ref, filesDone: false });
    return ref;
  }

  async function told<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const failure = deliveryError(error);
      deps.onFailure(failure);
      throw failure;
    }
  }

  return {
    platform: 'slack',
    post: (message) =>
      told(
        post(message).catch((error: unknown) => {
          const lost = deliveryError(error);
          if (lost.uncertain && known.get(message.nonce) === undefined)
            known.set(message.nonce, { lostAt: Date.now() });
          throw lost;
        }),
      ),
    update: (ref, card) => told(update(ref, card)),
    find: (nonce, where) => told(find(nonce, where)),
  };
}

type Sent = { cut: boolean };

/** Empty lists are sent too: an edit would keep what it is not given. */
function shown({ text, blocks, attachments }: Rendered): Pick<Rendered, 'text' | 'blocks' | 'attachments'> {
  return { text, blocks, attachments };
}

function wholeIn(card: Card): string {
  return `Not all of it fits here: the whole is in ${wholeFile(card).name}, attached in the thread.`;
}
