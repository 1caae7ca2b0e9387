import type { ChannelRef, PrincipalKey } from '../core/model/principal.ts';
import type { Action } from './action.ts';

/**
 * A platform-neutral message. Every string is plain, untrusted text: each renderer escapes it for its platform, and
 * keeps within the platform's limits by splitting or by "and N more".
 */
export type Card = {
  title: string;
  tone: Tone;
  /** A dot and text beside the title, e.g. the worst grade; plain text. */
  badge?: string;
  sections: readonly Section[];
  controls: readonly Control[];
  /** Small print under everything: one line each. */
  footer?: readonly Text[];
  /** One line for notifications and screen readers; the title by default. */
  summary?: string;
  /** Who is pinged when this is first posted. */
  mention?: readonly PrincipalKey[];
  /**
   * The full content of sections that are shown in part; renderers attach it when they cut, deliveries when `always`.
   */
  attachment?: {
    name: string;
    mimeType:
      | 'text/csv'
      | 'text/plain'
      | 'text/html'
      | 'image/png'
      | 'application/json'
      | 'application/xml'
      | 'application/gzip';
    content: string | Uint8Array;
    when: 'cut' | 'always';
  };
};

/** Coloured by risk, not by confidence; a change that needs nobody any more has the colour of how it ended. */
export type Tone =
  | 'neutral'
  | 'info'
  | 'good'
  | 'warning'
  | 'low'
  | 'medium'
  | 'high'
  | 'critical'
  | 'error'
  | 'acknowledged'
  | 'expected'
  | 'false-alarm'
  | 'resolved';

/** Precedes the title where emoji are usual: the meaning of the colour, for readers who don't see it. */
export const MARKS: Readonly<Record<Tone, string>> = {
  neutral: '',
  info: '',
  good: '✅',
  warning: '⚠️',
  low: '🟨',
  medium: '🟧',
  high: '🟥',
  critical: '🚨',
  error: '⛔',
  acknowledged: '☑️',
  expected: '📅',
  'false-alarm': '🚫',
  resolved: '✅',
};

/** `🟥 RDP opened on 10.0.4.7 (office)`: a title with its mark, as pushed to phones. */
export function markedTitle({ tone, title }: Pick<Card, 'tone' | 'title'>): string {
  return MARKS[tone] === '' ? title : `${MARKS[tone]} ${title}`;
}

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'strong'; text: string }
  | { type: 'code'; text: string }
  /** Epoch ms; shown in the reader's zone. */
  | { type: 'time'; at: number; style: 'datetime' | 'date' | 'time' | 'relative' }
  | { type: 'user'; key: PrincipalKey; name: string }
  | { type: 'channel'; ref: ChannelRef }
  /** To another message of ours: `https` or `discord` addresses that the platform gave out, never untrusted text. */
  | { type: 'link'; text: string; url: string };

export type Text = string | readonly Inline[];

export type Section =
  | { type: 'text'; text: Text }
  | { type: 'fields'; fields: readonly { label: string; value: Text }[] }
  | {
      type: 'list';
      items: readonly Text[] /** How many there are in total, when `items` is one page. */;
      total?: number;
    }
  | { type: 'table'; columns: readonly string[]; rows: readonly (readonly Text[])[] }
  | { type: 'code'; text: string }
  | { type: 'progress'; percent: number; label: string }
  | { type: 'divider' };

export type Button = {
  type: 'button';
  label: string;
  action: Action;
  style: 'primary' | 'danger' | 'default';
  /** Asked before the action is sent, where the platform can ask. */
  confirm?: string;
};

/** A menu of further actions; at most 25 options. */
export type Menu = { type: 'menu'; label: string; options: readonly { label: string; action: Action }[] };

export type Control = Button | Menu;

/** The plain text of rich text; times as ISO 8601 in UTC. */
export function plainText(text: Text): string {
  return typeof text === 'string' ? text : text.map(plainInline).join('');
}

function plainInline(inline: Inline): string {
  switch (inline.type) {
    case 'text':
    case 'strong':
    case 'code':
    case 'link':
      return inline.text;
    case 'time':
      return new Date(inline.at).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
    case 'user':
      return `@${inline.name}`;
    case 'channel':
      return inline.ref;
  }
}
