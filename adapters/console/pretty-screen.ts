import { LRUCache } from 'lru-cache';
import type { Card } from '../../src/cards/card.ts';
import { defined } from '../../src/core/defined.ts';
import type { Attachment, MessageRef } from '../../src/ports/chat.ts';
import type { CardPrinter } from './card-printer.ts';
import { filesOf, saveFile } from './files.ts';
import type { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';

export type PrettyOptions = {
  terminal: Terminal;
  printer: CardPrinter;
  /** Where files go; absent: they are only named. */
  filesDir?: string | undefined;
};

const THREAD_INDENT = 3;
/** Messages whose last content is remembered, to find out what an edit changed. */
const REMEMBERED = 1_000;

/** The chat for people: a log of cards, threads indented, buttons numbered, progress in place at the bottom. */
export function createPrettyScreen({ terminal, printer, filesDir }: PrettyOptions): Screen {
  const log = createLog(terminal, printer);

  function showFiles(files: readonly Attachment[]): void {
    for (const file of files) {
      const saved = filesDir === undefined ? undefined : saveFile(filesDir, file);
      const words = saved === undefined ? `file ${file.name}, ${file.data.length} bytes` : `file ${saved}`;
      terminal.print([printer.dim(`  ${words}`)]);
    }
  }

  return {
    chat: {
      platform: 'console',
      async post({ channel, card, inThreadOf, nonce, attachments }) {
        const thread = inThreadOf === undefined ? undefined : (inThreadOf.thread ?? inThreadOf.id);
        const ref: MessageRef = { channel, id: nonce, ...defined({ thread }) };
        if (log.find(nonce) !== undefined) return ref;
        log.show(ref, card);
        showFiles(attachments ?? filesOf(card));
        return ref;
      },
      update: async (ref, card) => log.show(ref, card),
      find: async (nonce) => log.find(nonce),
      link: async () => undefined,
    },
    answer(card) {
      log.answer(card);
      showFiles(filesOf(card));
    },
  };
}

function createLog(terminal: Terminal, printer: CardPrinter) {
  const shown = new LRUCache<string, { ref: MessageRef; card: Card }>({ max: REMEMBERED });
  const live = new Map<string, Card>();
  /** The thread to which the last lines belong. */
  let current: string | undefined;

  function drawLive(): void {
    terminal.setLive([...live.values()].flatMap((card) => ['', ...printer.whole(card, 0)]));
  }

  /** A reply that comes later says which thread it is in. */
  function print({ id, thread }: MessageRef, lines: readonly string[]): void {
    const title = thread === undefined || current === thread ? undefined : shown.get(thread)?.card.title;
    current = thread ?? id;
    terminal.print(['', ...(title === undefined ? [] : [printer.dim(`↳ ${title}`)]), ...lines]);
  }

  return {
    find: (id: string) => shown.get(id)?.ref,
    answer(card: Card): void {
      current = undefined;
      terminal.print(['', ...printer.whole(card, 0)]);
    },
    show(ref: MessageRef, card: Card): void {
      const before = shown.get(ref.id)?.card;
      const wasLive = live.delete(ref.id);
      shown.set(ref.id, { ref, card });
      if (isProgress(card)) live.set(ref.id, card);
      if (wasLive || isProgress(card)) drawLive();
      if (isProgress(card)) return;
      const indent = ref.thread === undefined ? 0 : THREAD_INDENT;
      const edited = before !== undefined && !wasLive;
      print(ref, edited ? printer.changes(before, card, indent) : printer.whole(card, indent));
    },
  };
}

function isProgress(card: Card): boolean {
  return card.sections.some((section) => section.type === 'progress');
}
