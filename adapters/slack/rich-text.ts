import type { types } from '@slack/bolt';
import { type Inline, plainText, type Text } from '../../src/cards/card.ts';
import { unreachable } from '../../src/core/errors.ts';
import { cutTo, escapeEntities, escapeMrkdwn, oneLine, printable } from './plain.ts';

/** How people are shown: by name, which notifies nobody, or as a mention, which does in a new message. */
export type People = { nameOf(key: string): string | undefined; mention(key: string): boolean };

type Element = types.RichTextElement;

/**
 * A line of rich text. Its text elements are taken literally by Slack: no markup, no mentions, no links. That is why
 * cards are rendered so, and not as mrkdwn.
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
  return { type: 'text', text, ...(style === undefined ? {} : { style }) };
}

function person(key: string, name: string, people: People): Element | undefined {
  const mentioned = people.mention(key) ? mentionElement(key) : undefined;
  return mentioned ?? literal(`@${oneLine(people.nameOf(key) ?? name)}`, { bold: true });
}

/** Undefined for people of other platforms. */
export function mentionElement(key: string): Element | undefined {
  const user = slackId(key, /^[UW]/);
  if (user !== undefined) return { type: 'user', user_id: user };
  const group = slackId(key, /^S/);
  return group === undefined ? undefined : { type: 'usergroup', usergroup_id: group };
}

/** The id of `slack:C0123`, when it is of that kind. */
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

/**
 * A line of small print. Context blocks know only text objects, so a time there needs mrkdwn, in which all else is
 * neutralised; without a time it is plain text.
 */
export function smallPrint(text: Text, people: People, max: number): types.PlainTextElement | types.MrkdwnElement {
  if (typeof text === 'string' || !text.some((inline) => inline.type === 'time')) {
    const words = typeof text === 'string' ? text : plainText(text.map((inline) => named(inline, people)));
    return { type: 'plain_text', text: cutTo(oneLine(words), max) || ' ', emoji: false };
  }
  const parts = text.map((inline) =>
    inline.type === 'time' ? dateMarkup(inline.at, inline.style) : escapeMrkdwn(wordsOf(inline, people)),
  );
  const whole = parts.join('');
  const fits = whole.length <= max;
  return fits
    ? { type: 'mrkdwn', text: whole, verbatim: true }
    : { type: 'plain_text', text: cutTo(oneLine(plainText(text)), max), emoji: false };
}

function wordsOf(inline: Inline, people: People): string {
  return oneLine(plainText([named(inline, people)]));
}

function named(inline: Inline, people: People): Inline {
  return inline.type === 'user' ? { ...inline, name: people.nameOf(inline.key) ?? inline.name } : inline;
}

function dateMarkup(at: number, style: TimeStyle): string {
  const fallback = escapeEntities(plainText([{ type: 'time', at, style }]));
  return `<!date^${Math.floor(at / 1000)}^${DATE_FORMATS[style]}|${fallback}>`;
}
