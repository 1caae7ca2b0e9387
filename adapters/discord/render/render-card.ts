import type { APIAllowedMentions, APIEmbed, RawFile } from 'discord.js';
import type { Card, Text } from '../../../src/cards/card.ts';
import { markedTitle } from '../../../src/cards/card.ts';
import type { Attachment } from '../../../src/ports/chat.ts';
import { attachmentFile, wholeFile } from '../outbound/files.ts';
import { type Block, block, sectionBlock } from './blocks.ts';
import { COLOURS } from './colours.ts';
import { controlRows, type Row } from './controls.ts';
import { layOut } from './lay-out.ts';
import { MAX_CONTENT } from './limits.ts';
import {
  discordId,
  escapeMarkdown,
  type KindOf,
  type MarkdownContext,
  markdown,
  mention,
  oneLine,
} from './markdown.ts';

export type RenderedMessage = {
  content: string;
  embeds: APIEmbed[];
  components: Row[];
  allowed_mentions: APIAllowedMentions;
};

export type RenderOptions = {
  /** Distinguishes a role's id from a user's. */
  kindOf: KindOf;
  /**
   * Whether there is text outside the embed, which notifications show and in which mentions ping; not for answers to
   * interactions.
   */
  announce: boolean;
  /** Invisible URL by which the message is found again. */
  marker?: string;
  attachments?: readonly Attachment[];
};

const MAX_TITLE = 256;
const MAX_BADGE = 100;
const MAX_FOOTER = 500;

/**
 * A card as a classic message: one line of content, embeds, rows of components. Not Components V2: that forbids content
 * (which notifications, bridges and search use) for good, and holds 4,000 characters where embeds hold 6,000. The title
 * is the content; the embed has no title of its own, so that its URL stays invisible and can carry the marker.
 */
export function renderCard(card: Card, options: RenderOptions): { body: RenderedMessage; files: RawFile[] } {
  const context: MarkdownContext = { kindOf: options.kindOf, cuts: { happened: false } };
  const { rows, left } = controlRows(card.controls, context.cuts);
  const blocks = cardBlocks(card, left, options.announce, context);
  const whole = wholeFile(card);
  const layout = layOut(blocks, whole.name);
  const cut = layout.cut || context.cuts.happened;
  const colour = COLOURS[card.tone];
  const embeds = layout.descriptions.map((description, index): APIEmbed => {
    const url = index === 0 && options.marker !== undefined ? { url: options.marker } : {};
    return { description, color: colour, ...url };
  });
  return {
    body: {
      content: options.announce ? announcement(card, context) : '',
      embeds,
      components: rows,
      allowed_mentions: allowedMentions(card, options),
    },
    files: filesOf(card, cut ? whole : undefined, options),
  };
}

/**
 * Permanent attachments are uploaded when a message is delivered, and edits leave them in place; an answer uploads them
 * itself.
 */
function filesOf(card: Card, whole: RawFile | undefined, { announce, attachments = [] }: RenderOptions): RawFile[] {
  const own = !announce && card.attachment?.when === 'always' ? wholeFile(card) : whole;
  const given = attachments.map(attachmentFile);
  return own === undefined || given.some((file) => file.name === own.name) ? given : [own, ...given];
}

function cardBlocks(card: Card, controlsLeft: number, announce: boolean, context: MarkdownContext): Block[] {
  const badge = card.badge === undefined ? '' : escapeMarkdown(oneLine(card.badge, MAX_BADGE, context.cuts));
  const title = `**${titleOf(card, context) || '·'}**`;
  const body = [
    ...card.sections.map((section) => sectionBlock(section, context)),
    ...(controlsLeft > 0 ? [block([`*${controlsLeft} more actions: see \`/netdelta help\`*`])] : []),
    block((card.footer ?? []).map((line) => smallPrint(line, context))),
  ];
  const head = [...(announce && hasBody(card) ? [] : [title]), ...(badge === '' ? [] : [badge])].join('  ');
  return [block(head === '' ? [] : [head]), ...body];
}

/**
 * In an announcement the title is the content. A card with nothing but a title has it in its embed, which carries the
 * marker.
 */
function hasBody(card: Card): boolean {
  return card.sections.length > 0 || (card.footer ?? []).length > 0;
}

function titleOf(card: Card, context: MarkdownContext): string {
  return escapeMarkdown(oneLine(markedTitle(card), MAX_TITLE, context.cuts).trim());
}

/** Embed footers show no times and no mentions; subtext does. */
function smallPrint(line: Text, context: MarkdownContext): string {
  return `-# ${markdown(line, MAX_FOOTER, context)}`;
}

/** What notifications, bridges and search see: the title, then who is pinged. */
function announcement(card: Card, context: MarkdownContext): string {
  const mentions = (card.mention ?? []).map((key) => mention(key, context.kindOf)).filter((text) => text !== undefined);
  const title = hasBody(card) ? [titleOf(card, context)] : [];
  return [...title, ...mentions].join(' ').slice(0, MAX_CONTENT);
}

/** Only the people that the card mentions are pinged, whatever the text says. */
function allowedMentions(card: Card, options: RenderOptions): APIAllowedMentions {
  const ids = options.announce ? (card.mention ?? []).map(discordId).filter((id) => id !== undefined) : [];
  const users = ids.filter((id) => options.kindOf(id) === 'user');
  const roles = ids.filter((id) => options.kindOf(id) === 'role');
  return {
    parse: [],
    ...(users.length === 0 ? {} : { users: [...new Set(users)].slice(0, 100) }),
    ...(roles.length === 0 ? {} : { roles: [...new Set(roles)].slice(0, 100) }),
  };
}
