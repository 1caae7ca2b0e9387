import type { Card, Control, Section } from '../../src/cards/card.ts';
import type { ChannelRef } from '../../src/core/model/principal.ts';
import type { MessageRef, OutgoingMessage } from '../../src/ports/chat.ts';

/** Text as it occurs in banners, host names, group names and notes. */
export const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<@U0ALICE>',
  '<@!80351110224678912>',
  '<@&80351110224678912>',
  '<#C0GENERAL>',
  '<!subteam^S0OPS>',
  '@everyone @here',
  '*bold* _italic_ ~gone~ `code`',
  '**bold** __under__ ~~gone~~ ||spoiler||',
  '```fence```',
  '[click](https://evil.example/)',
  '<https://evil.example/|login>',
  '&lt;!channel&gt; &amp;',
  ':fire: <:fire:123456789012345678>',
  '# heading',
  '> quote',
  '<t:1700000000:R>',
  '{{template}} %s $HOME',
] as const;

/** C0 and C1 controls except line feed, and the bidirectional ones. */
export const RAW_CONTROLS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

export const MANY_ROWS = 300;

export function rowName(row: number): string {
  return `host-${String(row).padStart(3, '0')}.lab.example`;
}

const ACKNOWLEDGE: Control = {
  type: 'button',
  label: 'Acknowledge',
  action: { type: 'acknowledge', scope: { alert: 12, host: '10.0.0.5' } },
  style: 'primary',
};
const HISTORY: Control = {
  type: 'button',
  label: 'History',
  action: { type: 'history', scope: { alert: 12, host: '10.0.0.5' } },
  style: 'default',
};

export function cardOf(options: {
  title: string;
  hostile?: string;
  /** Puts the hostile text into every kind of section. */
  everywhere?: boolean;
  controls?: readonly Control[];
}): Card {
  return {
    title: options.title,
    tone: 'high',
    badge: '🟢 certain',
    sections: [...plainSections(options.hostile), ...(options.everywhere ? everySection(options.hostile ?? '') : [])],
    controls: options.controls ?? [ACKNOWLEDGE, HISTORY],
    footer: ['scan 12', ...(options.everywhere ? [options.hostile ?? ''] : [])],
  };
}

function plainSections(hostile?: string): Section[] {
  return [
    { type: 'fields', fields: [{ label: 'Group', value: 'lab-net' }] },
    {
      type: 'text',
      text: [
        { type: 'strong', text: '10.0.0.5' },
        { type: 'text', text: ' ' },
        { type: 'code', text: 'tcp/22' },
        { type: 'text', text: ` ${hostile ?? 'opened'} ` },
        { type: 'time', at: 1_700_000_000_000, style: 'datetime' },
      ],
    },
  ];
}

function everySection(hostile: string): Section[] {
  return [
    { type: 'fields', fields: [{ label: hostile, value: [{ type: 'code', text: hostile }] }] },
    { type: 'list', items: [hostile, [{ type: 'strong', text: hostile }]], total: 2 },
    { type: 'table', columns: ['name', hostile], rows: [['a', hostile]] },
    { type: 'code', text: hostile },
    { type: 'progress', percent: 40, label: hostile },
    { type: 'divider' },
    { type: 'text', text: [{ type: 'user', key: 'console:eve', name: hostile }] },
  ];
}

/** An alert of 300 deltas. */
export function longCard(options: { attachment: boolean }): Card {
  const rows = Array.from({ length: MANY_ROWS }, (_, row) => row);
  return {
    title: 'lab: 300 changes',
    tone: 'critical',
    sections: [
      { type: 'list', items: rows.map((row) => `${rowName(row)} tcp/${1000 + row} opened, reset before`) },
      {
        type: 'table',
        columns: ['host', 'port', 'product'],
        rows: rows.map((row) => [rowName(row), String(1000 + row), `OpenSSH 9.${row % 10} protocol 2.0`]),
      },
    ],
    controls: [
      {
        type: 'button',
        label: 'Acknowledge all',
        action: { type: 'acknowledge', scope: { alert: 12 } },
        style: 'primary',
      },
    ],
    ...(options.attachment ? { attachment: csvOf(rows) } : {}),
  };
}

function csvOf(rows: readonly number[]): NonNullable<Card['attachment']> {
  const lines = rows.map((row) => `${rowName(row)},${1000 + row}`);
  return { name: 'deltas.csv', mimeType: 'text/csv', content: `${['host,port', ...lines].join('\n')}\n`, when: 'cut' };
}

/** A message ready to be posted, with a nonce of its own unless one is given. */
export function outgoing(
  channel: ChannelRef,
  card: Card,
  options: { nonce?: string; inThreadOf?: MessageRef; threadName?: string } = {},
): OutgoingMessage {
  return {
    channel,
    card,
    nonce: options.nonce ?? Math.random().toString(36).slice(2, 14),
    ...(options.inThreadOf === undefined ? {} : { inThreadOf: options.inThreadOf }),
    ...(options.threadName === undefined ? {} : { threadName: options.threadName }),
  };
}
