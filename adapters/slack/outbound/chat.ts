import type { webApi } from '@slack/bolt';
import type { Card } from '../../../src/cards/card.ts';
import { defined } from '../../../src/core/defined.ts';
import type { PrincipalKey } from '../../../src/core/model/principal.ts';
import {
  type Attachment,
  type Chat,
  DeliveryError,
  type MessageRef,
  type OutgoingMessage,
} from '../../../src/ports/chat.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Directory } from '../inbound/directory.ts';
import { wholeFile } from '../render/card-text.ts';
import { withPlainFallback } from '../render/plain-fallback.ts';
import { type Rendered, renderMessage } from '../render/render.ts';
import { deliveryError } from './api-error.ts';
import { filesOf } from './files.ts';
import { findMessage, METADATA_EVENT } from './find-message.ts';
import type { Pace } from './pace.ts';
import { remember } from './remembered.ts';
import { createUploads, fileMissing } from './uploads.ts';

const REMEMBERED = 500;

/** Returned for a reply whose parent is gone, and for an edit. */
const MESSAGE_GONE = 'message_not_found';
const THREAD_GONE = ['thread_not_found', MESSAGE_GONE];

export type ChatDeps = {
  client: webApi.WebClient;
  directory: Directory;
  pace: Pace;
  log: Log;
  /** Called with every failure, before it is thrown. */
  onFailure(error: DeliveryError): void;
};

/** What this process knows about a nonce: where its message is, or that its response was lost. */
type Known = { ref: MessageRef; filesDone: boolean } | { lostAt: number };

type Where = Parameters<Chat['find']>[1];

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

  async function renderer(card: Card, mention: (key: PrincipalKey) => boolean): Promise<(tables: boolean) => Rendered> {
    const people = await directory.people(card, mention);
    const whole = `Not all of it fits here: the whole is in ${wholeFile(card).name}.`;
    return (tables) => renderMessage(card, { people, whole, tables });
  }

  async function postNew(message: OutgoingMessage): Promise<MessageRef> {
    const { card, nonce } = message;
    const channel = await directory.conversation(message.channel);
    const thread = threadOf(message.inThreadOf);
    const content = await renderer(card, (key) => card.mention?.includes(key) === true);
    const { answer, cut } = await withPlainFallback(card, content, log, (shown) =>
      call(channel, () =>
        client.chat.postMessage({
          channel,
          ...parts(shown),
          ...defined({ thread_ts: thread }),
          metadata: { event_type: METADATA_EVENT, event_payload: { nonce } },
          unfurl_links: false,
          unfurl_media: false,
          mrkdwn: false,
        }),
      ),
    );
    if (answer.ts === undefined) throw new DeliveryError('unreadable_answer', { retryable: true, uncertain: true });
    const ref = refOf(message.channel, answer.ts, thread);
    const files = filesOf(card, cut, message.attachments);
    known.set(nonce, { ref, filesDone: files.length === 0 });
    await hang(nonce, ref, files, { fresh: true });
    return ref;
  }

  /** The message is posted; only its files are missing. */
  async function hang(nonce: string, ref: MessageRef, files: readonly Attachment[], options: { fresh: boolean }) {
    if (files.length === 0) return;
    try {
      await bring(ref, files, options);
    } catch (error) {
      throw fileMissing(error);
    }
    known.set(nonce, { ref, filesDone: true });
  }

  async function bring(ref: MessageRef, files: readonly Attachment[], options: { fresh: boolean }): Promise<void> {
    const channel = await directory.conversation(ref.channel);
    await uploads.bring({ channel, ts: ref.id, thread: ref.thread ?? ref.id }, files, options);
  }

  /** Somebody deleted the parent message of the thread: an alert is better posted in the channel than lost. */
  async function postInThread(message: OutgoingMessage): Promise<MessageRef> {
    try {
      return await postNew(message);
    } catch (error) {
      const isGone = error instanceof DeliveryError && THREAD_GONE.includes(error.code);
      if (message.inThreadOf === undefined || !isGone) throw error;
      log.warn({ channel: message.channel }, 'the thread is gone; the reply goes to the channel');
      const { inThreadOf: _gone, ...alone } = message;
      return postNew(alone);
    }
  }

  /** One nonce, one message: first look for one that may already be posted. */
  async function post(message: OutgoingMessage): Promise<MessageRef> {
    const before = known.get(message.nonce);
    const ref = before !== undefined && 'lostAt' in before ? await findLost(message, before.lostAt) : before?.ref;
    if (ref === undefined) return postInThread(message);
    if (before !== undefined && 'ref' in before && before.filesDone) return ref;
    const { cut } = (await renderer(message.card, () => false))(true);
    await hang(message.nonce, ref, filesOf(message.card, cut, message.attachments), { fresh: false });
    return ref;
  }

  async function findLost({ nonce, channel, inThreadOf }: OutgoingMessage, lostAt: number) {
    return find(nonce, { channel, since: lostAt - 60_000, ...defined({ inThreadOf }) });
  }

  async function update(ref: MessageRef, card: Card): Promise<void> {
    const channel = await directory.conversation(ref.channel);
    // An edit notifies nobody, so people can be shown as mentions.
    const content = await renderer(card, () => true);
    let cut: boolean;
    try {
      const edited = await withPlainFallback(card, content, log, (shown) =>
        call(channel, () => client.chat.update({ channel, ts: ref.id, ...parts(shown) })),
      );
      cut = edited.cut;
    } catch (error) {
      if (!(error instanceof DeliveryError && error.code === MESSAGE_GONE)) throw error;
      // The person who deleted it has seen it.
      log.info({ channel: ref.channel }, 'a message was deleted in Slack; there is nothing to edit');
      return;
    }
    await bring(ref, filesOf(card, cut), { fresh: false });
  }

  async function find(nonce: string, where: Where): Promise<MessageRef | undefined> {
    const here = known.get(nonce);
    if (here !== undefined && 'ref' in here) return here.ref;
    const channel = await directory.conversation(where.channel);
    const thread = threadOf(where.inThreadOf);
    const ts = await findMessage(client, nonce, { channel, thread, since: where.since });
    known.delete(nonce);
    if (ts === undefined) return undefined;
    const ref = refOf(where.channel, ts, thread);
    known.set(nonce, { ref, filesDone: false });
    return ref;
  }

  /** A message without its link is better than none. */
  async function link(ref: MessageRef): Promise<string | undefined> {
    try {
      const channel = await directory.conversation(ref.channel);
      return (await client.chat.getPermalink({ channel, message_ts: ref.id })).permalink;
    } catch (error) {
      log.warn({ channel: ref.channel, code: deliveryError(error).code }, 'a message’s link could not be fetched');
      return undefined;
    }
  }

  async function told<T>(nonce: string | undefined, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const failure = deliveryError(error);
      const lost = failure.uncertain && nonce !== undefined && known.get(nonce) === undefined;
      if (lost) known.set(nonce, { lostAt: Date.now() });
      deps.onFailure(failure);
      throw failure;
    }
  }

  return {
    platform: 'slack',
    post: (message) => told(message.nonce, post(message)),
    update: (ref, card) => told(undefined, update(ref, card)),
    find: (nonce, where) => told(undefined, find(nonce, where)),
    link,
  };
}

/** Empty lists are sent too: an edit keeps whatever is left out. */
function parts({ text, blocks, attachments }: Rendered): Pick<Rendered, 'text' | 'blocks' | 'attachments'> {
  return { text, blocks, attachments };
}

function threadOf(parent: MessageRef | undefined): string | undefined {
  return parent?.thread ?? parent?.id;
}

function refOf(channel: string, ts: string, thread: string | undefined): MessageRef {
  return { channel, id: ts, ...defined({ thread }) };
}
