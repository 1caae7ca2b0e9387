import type { Writable } from 'node:stream';
import type { Card, Inline } from '../../src/cards/card.ts';
import { plainText } from '../../src/cards/card.ts';
import type { Attachment, Chat, MessageRef } from '../../src/ports/chat.ts';
import { buttonsOf } from './buttons.ts';
import { attachmentOf } from './files.ts';
import { layoutCard } from './layout.ts';
import { CONSOLE_CHANNEL, type Screen } from './screen.ts';
import { lineText } from './spans.ts';

type EventName = 'message' | 'update' | 'ephemeral' | 'file';

/** One JSON event a line, for scripts. */
export function createJsonScreen(out: Writable): Screen {
  const posted = new Map<string, MessageRef>();
  /** In which event a button was last seen. */
  const seenIn = new Map<string, { id: string; thread?: string }>();
  let answers = 0;

  function emit(
    event: EventName,
    place: { id: string; thread?: string | undefined; channel: string },
    card: Card,
  ): void {
    const { attachment: _file, ...shown } = card;
    const buttons = buttonsOf(card).map(({ id, label }) => ({ id, label }));
    for (const { id } of buttons)
      seenIn.set(id, place.thread === undefined ? { id: place.id } : { id: place.id, thread: place.thread });
    write({ event, ...place, text: cardText(card), card: shown, buttons });
  }

  function emitFile(file: Attachment, thread: string, channel: string): void {
    const isText = file.mimeType.startsWith('text/') || file.mimeType === 'application/json';
    const card: Card = { title: file.name, tone: 'neutral', sections: [], controls: [] };
    write({
      event: 'file',
      id: `${thread}/${file.name}`,
      thread,
      channel,
      text: file.name,
      card,
      buttons: [],
      name: file.name,
      mimeType: file.mimeType,
      size: file.data.length,
      ...(isText ? { content: file.data.toString('utf8') } : { base64: file.data.toString('base64') }),
    });
  }

  function write(event: Record<string, unknown>): void {
    out.write(`${escapeUnseen(JSON.stringify(event))}\n`);
  }

  const chat: Chat = {
    platform: 'console',
    async post({ channel, card, inThreadOf, nonce, attachments }) {
      const known = posted.get(nonce);
      if (known !== undefined) return known;
      const thread = inThreadOf === undefined ? undefined : (inThreadOf.thread ?? inThreadOf.id);
      const ref: MessageRef = { channel, id: nonce, ...(thread === undefined ? {} : { thread }) };
      posted.set(nonce, ref);
      emit('message', ref, card);
      for (const file of attachments ?? files(card)) emitFile(file, thread ?? nonce, channel);
      return ref;
    },
    async update(ref, card) {
      emit('update', { id: ref.id, thread: ref.thread, channel: ref.channel }, card);
    },
    find: async (nonce) => posted.get(nonce),
  };

  return {
    chat,
    answer(card, { audience, replaces }) {
      const replaced = replaces === undefined ? undefined : seenIn.get(replaces);
      const place = { id: `answer-${++answers}`, channel: CONSOLE_CHANNEL };
      if (replaced !== undefined) emit('update', { ...replaced, channel: CONSOLE_CHANNEL }, card);
      else emit(audience === 'private' ? 'ephemeral' : 'message', place, card);
      for (const file of files(card)) emitFile(file, place.id, CONSOLE_CHANNEL);
    },
  };
}

function files(card: Card): Attachment[] {
  const file = attachmentOf(card);
  return file === undefined ? [] : [file];
}

/** All of a card as text; times as ISO 8601 in UTC. */
function cardText(card: Card): string {
  const timeWords = (time: Extract<Inline, { type: 'time' }>) => plainText([time]);
  return layoutCard(card, { width: Number.POSITIVE_INFINITY, timeWords }).map(lineText).join('\n');
}

/** What JSON leaves as it is, but a terminal would obey. */
function escapeUnseen(json: string): string {
  return json.replace(/[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
