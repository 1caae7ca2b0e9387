import type { types } from '@slack/bolt';
import { type Inline, plainText, type Text } from '../../../src/cards/card.ts';
import { defined } from '../../../src/core/defined.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { MAX_CONTEXT_ELEMENTS } from './limits.ts';
import { cutTo, escapeEntities, oneLine, printable } from './plain.ts';

/** How people are shown: by name, which notifies nobody, or as a mention, which does in a new message. */
export type People = { nameOf(key: string): string | undefined; mention(key: string): boolean };

type Element = types.RichTextElement;

/**
 * A line of rich text. Slack takes its text elements literally: no markup, no mentions, no links. That is why cards are
 * rendered as rich text, and not as mrkdwn.
 */
export function richElements(text: Text, people: People): Element[] {
  const inlines: readonly Inline[] = typeof text === 'string' ? [{ type: 'text', text }] : text;
  const elements = inlines.map((inline) => richInline(inline, people)).filter((element) => element !== undefined);
  return elements.length === 0 ? [{ type: 'text', text: ' ' }] : elements;
}

function richInline(inline: Inline, people: People): Element | undefined {
  switch (inline.type) {
    case 'text':
      return literal(printable(inline.text));
    case 'strong':
      return literal(printable(inline.text), { bold: true });
    case 'code':
      return literal(oneLine(inline.text), { code: true });
    case 'time':
      return dateElement(inline.at, inline.style);
    case 'user':
      return person(inline.key, inline.name, people);
    case 'link':
      return ADDRESS.test(inline.url)
        ? { type: 'link', url: inline.url, text: oneLine(inline.text) }
        : literal(oneLine(inline.text));
    case 'channel': {
      const id = slackId(inline.ref, /^[CGD]/);
      return id === undefined ? literal(oneLine(inline.ref)) : { type: 'channel', channel_id: id };
    }
    default:
      return unreachable(inline);
  }
}

/** Slack refuses an empty text. */
export function literal(text: string, style?: { bold?: true; code?: true; italic?: true }): Element | undefined {
  if (text === '') return undefined;
  return { type: 'text', text, ...defined({ style }) };
}

function person(key: string, name: string, people: People): Element | undefined {
  const mentioned = people.mention(key) ? mentionElement(key) : undefined;
  return mentioned ?? literal(`@${oneLine(people.nameOf(key) ?? name)}`, { bold: true });
}

/** Undefined for people on other platforms. */
export function mentionElement(key: string): Element | undefined {
  const user = slackId(key, /^[UW]/);
  if (user !== undefined) return { type: 'user', user_id: user };
  const group = slackId(key, /^S/);
  return group === undefined ? undefined : { type: 'usergroup', usergroup_id: group };
}

/** The id of `slack:C0123`, if it is of that kind. */
export function slackId(key: string, kind: RegExp): string | undefined {
  const id = /^slack:([A-Z][A-Z0-9]{1,30})$/.exec(key)?.[1];
  return id !== undefined && kind.test(id) ? id : undefined;
}

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting: shown in the reader's own zone. */
const DATE_FORMATS = {
  datetime: '{date_short_pretty} at {time}',
  date: '{date_short_pretty}',
  time: '{time}',
  relative: '{ago}',
} as const;

type TimeStyle = keyof typeof DATE_FORMATS;

function dateElement(at: number, style: TimeStyle): Element {
  const fallback = plainText([{ type: 'time', at, style }]);
  return { type: 'date', timestamp: Math.floor(at / 1000), format: DATE_FORMATS[style], fallback };
}

type SmallPrint = types.PlainTextElement | types.MrkdwnElement;

/**
 * A line of small print as the elements of one context block. Those only support text objects, so a time is a separate
 * piece of mrkdwn that contains no untrusted text; everything else is plain text.
 */
export function smallPrint(line: Text, people: People, max: number): SmallPrint[] {
  const inlines: readonly Inline[] = typeof line === 'string' ? [{ type: 'text', text: line }] : line;
  const elements: SmallPrint[] = [];
  let words = '';
  const flush = () => {
    const text = cutTo(oneLine(words).trim(), max);
    if (text !== '') elements.push({ type: 'plain_text', text, emoji: false });
    words = '';
  };
  for (const inline of inlines) {
    const text = markup(inline);
    if (text === undefined) {
      words += plainText([named(inline, people)]);
      continue;
    }
    flush();
    elements.push({ type: 'mrkdwn', text, verbatim: true });
  }
  flush();
  if (elements.length <= MAX_CONTEXT_ELEMENTS) return elements;
  return [{ type: 'plain_text', text: cutTo(oneLine(plainText(line)), max), emoji: false }];
}

/** Times and links to our own messages; everything else is plain text. */
function markup(inline: Inline): string | undefined {
  if (inline.type === 'time') return dateMarkup(inline.at, inline.style);
  if (inline.type !== 'link' || !ADDRESS.test(inline.url)) return undefined;
  return `<${inline.url}|${escapeEntities(oneLine(inline.text)).replaceAll('|', ' ')}>`;
}

/** Only URLs that Slack returned for a message of ours. */
const ADDRESS = /^https:\/\/[^\s<>|]{1,300}$/;

function named(inline: Inline, people: People): Inline {
  return inline.type === 'user' ? { ...inline, name: people.nameOf(inline.key) ?? inline.name } : inline;
}

function dateMarkup(at: number, style: TimeStyle): string {
  const fallback = escapeEntities(plainText([{ type: 'time', at, style }]));
  return `<!date^${Math.floor(at / 1000)}^${DATE_FORMATS[style]}|${fallback}>`;
}
