import type { Writable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { Card } from '../../src/cards/card.ts';
import { defined } from '../../src/core/defined.ts';
import { escapeInvisible } from '../../src/core/invisible.ts';
import type { Attachment, Chat, MessageRef } from '../../src/ports/chat.ts';
import { buttonsOf } from './buttons.ts';
import { cardText } from './card-text.ts';
import { filesOf } from './files.ts';
import { CONSOLE_CHANNEL, type Screen } from './screen.ts';

type Place = { id: string; thread?: string | undefined; channel: string };
type Emit = (event: 'message' | 'update' | 'ephemeral', place: Place, card: Card) => void;

const REMEMBERED = 5_000;

/** One JSON event per line, for scripts. */
export function createJsonScreen(out: Writable): Screen {
  /** The event in which a button was last seen. */
  const seenIn = new LRUCache<string, Place>({ max: REMEMBERED });
  const write = (event: Record<string, unknown>) => void out.write(`${escapeInvisible(JSON.stringify(event))}\n`);
  let answers = 0;

  const emit: Emit = (event, place, card) => {
    const { attachment: _file, ...shown } = card;
    const buttons = buttonsOf(card).map(({ id, label }) => ({ id, label }));
    for (const { id } of buttons) seenIn.set(id, place);
    write({ event, ...place, text: cardText(card), card: shown, buttons });
  };
  const emitFiles = (files: readonly Attachment[], thread: string, channel: string) => {
    for (const file of files) write(fileEvent(file, thread, channel));
  };

  return {
    chat: createChat(emit, emitFiles),
    answer(card, { audience, replaces }) {
      const replaced = replaces === undefined ? undefined : seenIn.get(replaces);
      const place = replaced ?? { id: `answer-${++answers}`, channel: CONSOLE_CHANNEL };
      const event = audience === 'private' ? 'ephemeral' : 'message';
      emit(replaced === undefined ? event : 'update', place, card);
      emitFiles(filesOf(card), place.id, place.channel);
    },
  };
}

function createChat(
  emit: Emit,
  emitFiles: (files: readonly Attachment[], thread: string, channel: string) => void,
): Chat {
  const posted = new LRUCache<string, MessageRef>({ max: REMEMBERED });
  return {
    platform: 'console',
    async post({ channel, card, inThreadOf, nonce, attachments }) {
      const known = posted.get(nonce);
      if (known !== undefined) return known;
      const thread = inThreadOf === undefined ? undefined : (inThreadOf.thread ?? inThreadOf.id);
      const ref: MessageRef = { channel, id: nonce, ...defined({ thread }) };
      posted.set(nonce, ref);
      emit('message', ref, card);
      emitFiles(attachments ?? filesOf(card), thread ?? nonce, channel);
      return ref;
    },
    async update({ id, thread, channel }, card) {
      emit('update', { id, thread, channel }, card);
    },
    find: async (nonce) => posted.get(nonce),
    link: async () => undefined,
  };
}

function fileEvent(file: Attachment, thread: string, channel: string): Record<string, unknown> {
  const isText = file.mimeType.startsWith('text/') || file.mimeType === 'application/json';
  const card: Card = { title: file.name, tone: 'neutral', sections: [], controls: [] };
  return {
    ...{ event: 'file', id: `${thread}/${file.name}`, thread, channel, text: file.name, card, buttons: [] },
    ...{ name: file.name, mimeType: file.mimeType, size: file.data.length },
    ...(isText ? { content: file.data.toString('utf8') } : { base64: file.data.toString('base64') }),
  };
}
