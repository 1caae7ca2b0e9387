import type { Card } from '../../src/cards/card.ts';
import type { Attachment, Chat, MessageRef } from '../../src/ports/chat.ts';
import { type ButtonNumbers, buttonsOf } from './buttons.ts';
import { attachmentOf, saveFile } from './files.ts';
import { freshSections } from './fresh-sections.ts';
import { type Layout, layoutCard, layoutSection, layoutTitle } from './layout.ts';
import { paint, toneStyle } from './paint.ts';
import type { Screen } from './screen.ts';
import { type Line, lineWidth, type Span, span, wrap } from './spans.ts';
import type { Terminal } from './terminal.ts';
import { localTime } from './time-words.ts';

export type PrettyOptions = {
  terminal: Terminal;
  numbers: ButtonNumbers;
  columns(): number;
  colour: boolean;
  now(): number;
  /** Time zone of the times shown; the machine's own when absent. */
  zone?: string | undefined;
  /** Where files go; absent: they are named only. */
  filesDir?: string | undefined;
};

const NARROWEST = 20;
const WIDEST = 110;
const THREAD_INDENT = 3;
const BAR = 2;

/** The chat for people: a log of cards, threads indented, buttons numbered, progress in place at the bottom. */
export function createPrettyScreen(options: PrettyOptions): Screen {
  const { terminal, numbers, colour } = options;
  const shown = new Map<string, { card: Card; thread?: string | undefined }>();
  const live = new Set<string>();
  /** The thread that the last lines belong to. */
  let current: string | undefined;

  const layout = (indent: number): Layout => ({
    width: Math.max(NARROWEST, Math.min(WIDEST, options.columns() - 1)) - indent - BAR,
    timeWords: (time) => localTime(time, options.now(), options.zone),
  });

  /** A bar in the colour of the risk, at the left of all that belongs together. */
  function block(card: Card, lines: readonly Line[], indent: number): string[] {
    const bar = span('▌ ', toneStyle(card.tone));
    return lines.map((line) => paint([span(' '.repeat(indent)), bar, ...line], colour));
  }

  function whole(card: Card, indent: number): string[] {
    const room = layout(indent);
    return block(card, [...layoutCard(card, room), ...buttonLines(card, numbers, room.width)], indent);
  }

  /** Of an edited message only what is new, so that acknowledging ten does not print everything ten times. */
  function changes(before: Card, card: Card, indent: number): string[] {
    const room = layout(indent);
    const fresh = freshSections(before, card);
    const sameButtons = JSON.stringify(before.controls) === JSON.stringify(card.controls);
    const [title = [], ...rest] = layoutTitle(card, room);
    const lines = [
      [...title, span('  (edited)', 'dim')],
      ...rest,
      ...fresh.flatMap((section) => layoutSection(section, room)),
      ...(sameButtons ? [] : buttonLines(card, numbers, room.width)),
    ];
    return block(
      card,
      lines.flatMap((line) => wrap(line, room.width, 2)),
      indent,
    );
  }

  function drawLive(): void {
    const lines = [...live].flatMap((id) => {
      const card = shown.get(id)?.card;
      return card === undefined ? [] : ['', ...whole(card, 0)];
    });
    terminal.setLive(lines);
  }

  /** A reply that comes later says which thread it is in. */
  function intoThread(thread: string | undefined, id: string, lines: readonly string[]): void {
    const isReply = thread !== undefined;
    const title = isReply && current !== thread ? shown.get(thread)?.card.title : undefined;
    const where = title === undefined ? [] : [paint([span(`↳ ${title}`, 'dim')], colour)];
    current = thread ?? id;
    terminal.print(['', ...where, ...lines]);
  }

  function show(ref: MessageRef, card: Card): void {
    const before = shown.get(ref.id)?.card;
    const wasLive = live.delete(ref.id);
    shown.set(ref.id, { card, thread: ref.thread });
    const indent = ref.thread === undefined ? 0 : THREAD_INDENT;
    if (isProgress(card)) {
      live.add(ref.id);
      drawLive();
      return;
    }
    if (wasLive) drawLive();
    const lines = before === undefined || wasLive ? whole(card, indent) : changes(before, card, indent);
    intoThread(ref.thread, ref.id, lines);
  }

  function showFile(file: Attachment): void {
    const saved = options.filesDir === undefined ? undefined : saveFile(options.filesDir, file);
    const words = saved === undefined ? `file ${file.name}, ${file.data.length} bytes` : `file ${saved}`;
    terminal.print([paint([span(`  ${words}`, 'dim')], colour)]);
  }

  const chat: Chat = {
    platform: 'console',
    async post({ channel, card, inThreadOf, nonce, attachments }) {
      const thread = inThreadOf === undefined ? undefined : (inThreadOf.thread ?? inThreadOf.id);
      const ref: MessageRef = { channel, id: nonce, ...(thread === undefined ? {} : { thread }) };
      if (shown.has(nonce)) return ref;
      show(ref, card);
      for (const file of attachments ?? filesOf(card)) showFile(file);
      return ref;
    },
    update: async (ref, card) => show(ref, card),
    async find(nonce, { channel }) {
      const known = shown.get(nonce);
      if (known === undefined) return undefined;
      return { channel, id: nonce, ...(known.thread === undefined ? {} : { thread: known.thread }) };
    },
  };

  return {
    chat,
    answer(card) {
      current = undefined;
      terminal.print(['', ...whole(card, 0)]);
      for (const file of filesOf(card)) showFile(file);
    },
  };
}

function filesOf(card: Card): Attachment[] {
  const file = attachmentOf(card);
  return file === undefined ? [] : [file];
}

function isProgress(card: Card): boolean {
  return card.sections.some((section) => section.type === 'progress');
}

const BUTTON_STYLES = { primary: 'good', danger: 'high', default: 'info' } as const;

/** `[1] Acknowledge  [2] Expected`; a button is never broken in two where it fits a line. */
function buttonLines(card: Card, numbers: ButtonNumbers, width: number): Line[] {
  const lines: Span[][] = [];
  let current: Span[] = [];
  for (const button of buttonsOf(card)) {
    const parts = [span(`[${numbers.numberOf(button)}]`, BUTTON_STYLES[button.style]), span(` ${button.label}`)];
    if (current.length > 0 && lineWidth(current) + 3 + lineWidth(parts) > width) {
      lines.push(current);
      current = [];
    }
    current = current.length === 0 ? parts : [...current, span('   '), ...parts];
  }
  if (current.length > 0) lines.push(current);
  return lines.flatMap((line) => wrap(line, width, 4));
}
