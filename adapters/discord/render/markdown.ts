import type { Inline, Text } from '../../../src/cards/card.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { forChat, onOneLine } from '../../../src/core/invisible.ts';

/** Invisible; between the characters of a token it keeps Discord from recognising the token. */
const BREAK = '\u200b';

/** Records that something was shortened, so that the full text is attached. */
export type Cuts = { happened: boolean };

/** The kind of an id; a server's own id is the role of all its members, which is never mentioned. */
export type MentionKind = 'user' | 'role' | 'everyone';
export type KindOf = (id: string) => MentionKind;

/** `narrow`: a cell of a table or a field, in which a day is written in numbers. */
export type MarkdownContext = { kindOf: KindOf; cuts: Cuts; narrow?: true };

/** Untrusted text as one line without invisible characters, of at most `max` characters. */
export function oneLine(text: string, max: number, cuts: Cuts): string {
  const head = text.slice(0, max * 2 + 64);
  const clean = forChat(onOneLine(head));
  return cutTo(clean, max, head.length < text.length, cuts);
}

/** The same for preformatted text: blanks are kept. */
export function codeLine(text: string, max: number, cuts: Cuts): string {
  const head = text.slice(0, max * 2 + 64);
  return cutTo(forChat(head.replaceAll('\t', '    ')), max, head.length < text.length, cuts);
}

function cutTo(clean: string, max: number, already: boolean, cuts: Cuts): string {
  const letters = Array.from(clean);
  if (!already && letters.length <= max) return clean;
  cuts.happened = true;
  return `${letters.slice(0, max - 1).join('')}…`;
}

/**
 * Makes a line of plain text appear literally: no style, mention, link, masked link, quote, heading or list. Links and
 * `@everyone` are broken by an invisible character, because a backslash does not stop every client; `allowed_mentions`
 * is the second line of defence.
 */
export function escapeMarkdown(line: string): string {
  return line
    .replace(/[\\*_~`|[\]<]/g, '\\$&')
    .replace(/^(\s*)([#>+-])/, '$1\\$2')
    .replace(/^(\s*[0-9]+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/@(?=everyone|here)/gi, `@${BREAK}`)
    .replace(/(?<=[a-z0-9+.-]):(?=\/\/)/gi, `:${BREAK}`)
    .replace(/(discord)(?=\.gg|app\.com\/invite|\.com\/invite)/gi, `$1${BREAK}`);
}

/** Inline code; backticks inside are separated so that two of them can fence it. */
export function inlineCode(text: string): string {
  if (text === '') return '';
  if (!text.includes('`')) return `\`${text}\``;
  return `\`\` ${breakFences(text)} \`\``;
}

/** Breaks up runs of backticks that would close the fence. */
export function breakFences(text: string): string {
  return text.replace(/`(?=`)/g, `\`${BREAK}`);
}

/** Rich text as one line of markdown. */
export function markdown(text: Text, max: number, context: MarkdownContext): string {
  if (typeof text === 'string') return escapeMarkdown(oneLine(text, max, context.cuts).trim());
  let left = max;
  const parts: string[] = [];
  for (const inline of text) {
    if (left <= 1) {
      context.cuts.happened = true;
      break;
    }
    const part = inlineMarkdown(inline, left, context);
    parts.push(part);
    left -= part.length;
  }
  return parts.reduce(join, '').trim();
}

/** Two spans that touch would be read as one longer mark: `a``b` or **a****b**. */
function join(before: string, next: string): string {
  const touching = /[`*]$/.test(before) && before.endsWith(next.slice(0, 1));
  return touching ? `${before}${BREAK}${next}` : before + next;
}

function inlineMarkdown(inline: Inline, max: number, context: MarkdownContext): string {
  switch (inline.type) {
    case 'text':
      return escapeMarkdown(oneLine(inline.text, max, context.cuts));
    case 'strong':
      return strong(oneLine(inline.text, max, context.cuts));
    case 'code':
      return inlineCode(oneLine(inline.text, max, context.cuts));
    case 'time':
      return (context.narrow === true ? NARROW_STYLES : TIME_STYLES)[inline.style]
        .map((style) => `<t:${Math.floor(inline.at / 1000)}:${style}>`)
        .join(' ');
    case 'user':
      return mention(inline.key, context.kindOf) ?? escapeMarkdown(`@${oneLine(inline.name, max, context.cuts)}`);
    case 'link':
      return link(inline.text, inline.url, max, context);
    case 'channel':
      return channelMention(inline.ref) ?? escapeMarkdown(oneLine(inline.ref, max, context.cuts));
    default:
      return unreachable(inline);
  }
}

/** Only URLs that a platform returned for a message of ours. */
const ADDRESS = /^https:\/\/[^\s<>()[\]|\\]{1,300}$/;

function link(text: string, url: string, max: number, context: MarkdownContext): string {
  const words = escapeMarkdown(oneLine(text, max, context.cuts));
  return ADDRESS.test(url) ? `[${words}](${url})` : words;
}

/** https://discord.com/developers/docs/reference#message-formatting-timestamp-styles */
const TIME_STYLES = { datetime: ['f'], date: ['D'], time: ['t'], relative: ['R'] } as const;
const NARROW_STYLES = { ...TIME_STYLES, datetime: ['d', 't'], date: ['d'] } as const;

/** Bold; blanks at the edges stay outside, because the stars would not work there. */
export function strong(text: string): string {
  const inner = text.trim();
  if (inner === '') return text === '' ? '' : ' ';
  return `${text.startsWith(' ') ? ' ' : ''}**${escapeMarkdown(inner)}**${text.endsWith(' ') ? ' ' : ''}`;
}

/**
 * `<@…>` or `<@&…>`; whether it pings is up to `allowed_mentions`. Undefined for everyone at once, and for people on
 * other platforms.
 */
export function mention(key: string, kindOf: KindOf): string | undefined {
  const id = discordId(key);
  const kind = id === undefined ? 'everyone' : kindOf(id);
  if (kind === 'everyone') return undefined;
  return kind === 'role' ? `<@&${id}>` : `<@${id}>`;
}

function channelMention(ref: string): string | undefined {
  const id = discordId(ref);
  return id === undefined ? undefined : `<#${id}>`;
}

/** The snowflake of `discord:123…`. */
export function discordId(key: string): string | undefined {
  return /^discord:([0-9]{1,20})$/.exec(key)?.[1];
}
