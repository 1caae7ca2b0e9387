import type { types } from '@slack/bolt';
import { type Card, MARKS, markedTitle, plainText, type Section, type Tone } from '../../../src/cards/card.ts';
import { actionBlocks, label } from './controls.ts';
import {
  MAX_FALLBACK_TEXT,
  MAX_HEADER,
  MAX_MESSAGE_BLOCKS,
  MAX_VIEW_BLOCKS,
  MESSAGE_BUDGET,
  VIEW_BUDGET,
} from './limits.ts';
import { cutTo, escapeEntities, oneLine, sizeOf } from './plain.ts';
import { mentionElement, type People, smallPrint } from './rich-text.ts';
import { type Laid, laySection, note } from './sections.ts';

/** Our own limit. */
const MAX_FOOTER_LINES = 6;
const MAX_FOOTER_TEXT = 1_800;

export type Rendered = {
  /** For notifications and screen readers, and in place of blocks where they can't be shown. */
  text: string;
  blocks: types.KnownBlock[];
  attachments: types.MessageAttachment[];
  /** Part of the card is missing. */
  cut: boolean;
};

export type RenderOptions = {
  people: People;
  /** Shown below what had to be cut: where the full text is. */
  whole: string;
  /** Whether Slack's own table block may be used; older servers refuse it. */
  tables?: boolean;
};

/**
 * The risk is shown twice: as a mark in the title, which also reaches notifications and screen readers, and as the
 * colour of the bar beside the small print. The bar needs a secondary attachment; only the small print is in it,
 * because Slack may fold attachments, and nobody should have to unfold an alert or its buttons.
 */
const COLOURS: Record<Tone, string> = {
  neutral: '#8D8D8D',
  info: '#1D9BD1',
  good: '#2EB67D',
  warning: '#F2C744',
  low: '#ECB22E',
  medium: '#E8912D',
  high: '#E01E5A',
  critical: '#A30200',
  error: '#A30200',
  acknowledged: '#607D8B',
  expected: '#7168E2',
  'false-alarm': '#8D8D8D',
  resolved: '#2EB67D',
};

export function renderMessage(card: Card, { people, whole, tables = true }: RenderOptions): Rendered {
  const header = headerBlock(card);
  const attachments = footerAttachment(card, people);
  const tail = [...mentionBlock(card), ...actionBlocks(card.controls)];
  const budget = MESSAGE_BUDGET - sizeOf([header.block, ...tail, ...attachments]);
  const maxBlocks = MAX_MESSAGE_BLOCKS - tail.length - MAX_FOOTER_LINES - 2;
  const body = fitted(budget, (room) => layOut(card.sections, room, { maxBlocks, people, tables }));
  const cut = body.cut || header.cut;
  const cutNote: types.KnownBlock[] = cut && whole !== '' ? [{ type: 'rich_text', elements: [note(whole)] }] : [];
  return {
    text: fallbackText(card),
    blocks: [header.block, ...body.blocks, ...cutNote, ...tail],
    attachments,
    cut,
  };
}

/** For the Home tab and for modals: no attachments there, but more room. */
export function renderView(card: Card, { people, whole }: RenderOptions): { blocks: types.KnownBlock[]; cut: boolean } {
  const header = headerBlock(card);
  const footer = footerBlocks(card, people);
  const controls = actionBlocks(card.controls);
  const maxBlocks = MAX_VIEW_BLOCKS - footer.length - controls.length - 2;
  const body = layOut(card.sections, VIEW_BUDGET, { maxBlocks, people, tables: false });
  const cut = body.cut || header.cut;
  const cutNote: types.KnownBlock[] = cut && whole !== '' ? [{ type: 'rich_text', elements: [note(whole)] }] : [];
  return { blocks: [header.block, ...body.blocks, ...cutNote, ...controls, ...footer], cut };
}

/** The same text as the header: what a phone shows. A summary says more only where a title can't. */
export function fallbackText(card: Card): string {
  const said = card.summary ?? [card.title, card.badge].filter((part) => part !== undefined).join(' · ');
  const words = markedTitle({ tone: card.tone, title: cutTo(oneLine(said), 1000) });
  return cutTo(escapeEntities(words), MAX_FALLBACK_TEXT) || '·';
}

function headerBlock(card: Card): { block: types.HeaderBlock; cut: boolean } {
  const title = oneLine(card.title);
  const badge = card.badge === undefined ? '' : ` · ${oneLine(card.badge)}`;
  const room = MAX_HEADER - MARKS[card.tone].length - 1 - badge.length;
  const words = markedTitle({ tone: card.tone, title: cutTo(title, Math.max(20, room)) });
  return { block: { type: 'header', text: label(`${words}${badge}`, MAX_HEADER) }, cut: title.length > room };
}

function mentionBlock(card: Card): types.KnownBlock[] {
  const people = (card.mention ?? []).map(mentionElement).filter((element) => element !== undefined);
  if (people.length === 0) return [];
  const spaced = people.flatMap((element): types.RichTextElement[] => [{ type: 'text', text: ' ' }, element]);
  return [
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'For' }, ...spaced] }],
    },
  ];
}

function footerAttachment(card: Card, people: People): types.MessageAttachment[] {
  const blocks = footerBlocks(card, people);
  if (blocks.length === 0) return [];
  const fallback = cutTo(oneLine((card.footer ?? []).map(plainText).join(' · ')), 300);
  return [{ color: COLOURS[card.tone], fallback: escapeEntities(fallback), blocks }];
}

/** One block per line; if there are too many lines, the rest are joined. */
function footerBlocks(card: Card, people: People): types.ContextBlock[] {
  const given = card.footer ?? [];
  const rest = given.slice(MAX_FOOTER_LINES - 1);
  const lines =
    given.length <= MAX_FOOTER_LINES
      ? given
      : [...given.slice(0, MAX_FOOTER_LINES - 1), rest.map(plainText).join(' · ')];
  const room = Math.floor(MAX_FOOTER_TEXT / Math.max(1, lines.length));
  const elements = lines.map((line) => smallPrint(line, people, room));
  return elements.filter((one) => one.length > 0).map((one) => ({ type: 'context', elements: one }));
}

/** Each section has a minimum size; with very many of them the shares must be smaller than estimated. */
function fitted(budget: number, lay: (room: number) => Body): Body {
  let room = budget;
  let body = lay(room);
  for (let tries = 0; tries < 8 && sizeOf(body.blocks) > budget; tries += 1) {
    room *= 0.75;
    body = lay(room);
  }
  return sizeOf(body.blocks) > budget ? { blocks: firstOf(body.blocks, budget), cut: true } : body;
}

/**
 * Many small sections beside many buttons: the last ones are left out, because Slack would refuse the whole message.
 */
function firstOf(blocks: readonly types.KnownBlock[], budget: number): types.KnownBlock[] {
  let kept = blocks.length;
  while (kept > 0 && sizeOf(blocks.slice(0, kept)) > budget) kept -= 1;
  return blocks.slice(0, kept);
}

type Body = { blocks: types.KnownBlock[]; cut: boolean };

type Laying = { maxBlocks: number; people: People; tables: boolean };

/** Small sections are shown completely; the large ones share what is left. */
function layOut(sections: readonly Section[], budget: number, { maxBlocks, people, tables }: Laying): Body {
  const room = budget - 300;
  const first = tables ? sections.findIndex((section) => section.type === 'table') : -1;
  const lay = (section: Section, share: number, at: number) => laySection(section, share, people, at === first);
  const wanted = sections.map((section, at) => sizeOf(lay(section, Number.MAX_SAFE_INTEGER, at)) + 40);
  const share = fairShare(wanted, room);
  const laid = sections.map((section, at) => ({ section, ...lay(section, share, at) }));
  const shown = laid.filter(
    ({ section, elements, table }) => section.type === 'divider' || elements.length > 0 || table !== undefined,
  );
  return { blocks: toBlocks(shown, maxBlocks), cut: laid.some((one) => one.cut) };
}

/** The largest share with which all of them together stay within `room`. */
function fairShare(wanted: readonly number[], room: number): number {
  const ascending = [...wanted].sort((a, b) => a - b);
  let left = room;
  for (const [index, size] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (size > share) return Math.max(0, share - 40);
    left -= size;
  }
  return Number.MAX_SAFE_INTEGER;
}

function toBlocks(laid: readonly Omit<Laid, 'cut'>[], maxBlocks: number): types.KnownBlock[] {
  const blocks = laid.flatMap(({ elements, table }): types.KnownBlock[] => {
    const text: types.KnownBlock[] = elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
    if (table !== undefined) return [table, ...text];
    return text.length === 0 ? [{ type: 'divider' }] : text;
  });
  if (blocks.length <= maxBlocks) return blocks;
  // Only spacing is lost.
  const elements = laid.flatMap((one) => one.elements);
  const text: types.KnownBlock[] = elements.length === 0 ? [] : [{ type: 'rich_text', elements }];
  return [...laid.flatMap(({ table }) => table ?? []), ...text];
}
