import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../adapters/discord/render/render-card.ts';
import type { Card, Control, Text } from '../../../src/cards/card.ts';
import { hostListCard } from '../../../src/cards/host-list.ts';
import type { Component } from '../../fakes/discord/world.ts';
import { host, office } from '../../gallery/samples.ts';
import { complaints, render } from './rendered.ts';

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));
const button = (index: number): Control => ({
  type: 'button',
  label: `Page ${index}`,
  style: 'default',
  action: { type: 'run', command: `delta list page:${index}` },
});

describe('a card on Discord', () => {
  it('is coloured by its tone and says the rest in text', () => {
    const { body, text } = render({ tone: 'critical', badge: '🟢 certain' });
    expect(body.embeds[0]?.color).toBe(0x99_2d_22);
    expect(text).toContain('🟢 certain');
  });

  it('shows times in the reader’s zone', () => {
    const at = Date.UTC(2026, 4, 1, 12, 30);
    const { body } = render({ sections: [{ type: 'text', text: [{ type: 'time', at, style: 'relative' }] }] });
    expect(body.embeds[0]?.description).toContain(`<t:${at / 1000}:R>`);
  });

  it('shows people and channels of Discord as clickable mentions, and others by name', () => {
    const { text } = render({
      sections: [
        {
          type: 'text',
          text: [
            { type: 'user', key: 'discord:123', name: 'alice' },
            { type: 'user', key: 'slack:U1', name: 'bob' },
            { type: 'channel', ref: 'discord:456' },
          ],
        },
      ],
    });
    expect(text).toContain('@123@bob#456');
  });

  it('shows narrow tables in columns and wide ones line by line', () => {
    const narrow = render({
      sections: [
        {
          type: 'table',
          columns: ['port', 'state'],
          rows: [
            ['22', 'open'],
            ['8080', 'closed'],
          ],
        },
      ],
    });
    expect(narrow.text).toContain('port  state\n22    open\n8080  closed');
    const wide = render({
      sections: [{ type: 'table', columns: ['a', 'b'], rows: [['x'.repeat(40), 'y'.repeat(40)]] }],
    });
    expect(wide.text).toContain(`${'x'.repeat(40)}\n${'y'.repeat(40)}`);
  });

  it('breaks the rows of a table that are too wide for a phone, with the same cells on each line', () => {
    const since: Text = [{ type: 'time', at: 0, style: 'date' }];
    const rowsOf = (columns: string[], rows: Text[][]) => {
      const [embed] = render({ sections: [{ type: 'table', columns, rows }] }).body.embeds;
      return embed?.description?.split('\n');
    };
    expect(rowsOf(['address', 'since'], [['192.168.100.200', since]])).toEqual([
      '**address** · **since**',
      '**192.168.100.200** · <t:0:d>',
    ]);
    const services: Text[][] = [
      ['10.0.4.1', '22/tcp OpenSSH 8.9p1', since],
      ['10.0.4.20', '443/tcp https', since],
    ];
    expect(rowsOf(['address', 'open port', 'since'], services)).toEqual([
      '**address** · **since**',
      '-# open port',
      '**10.0.4.1** · <t:0:d>',
      '-# 22/tcp OpenSSH 8.9p1',
      '**10.0.4.20** · <t:0:d>',
      '-# 443/tcp https',
    ]);
  });

  it('has rows of host list that a phone does not wrap', () => {
    const desk = host('10.0.4.7', [[3389, 'ms-wbt-server']], { code: 'services-added', hostnames: ['desk-7.example'] });
    const rows = [host('10.0.4.1', [[22, 'ssh']]), desk].map((one) => ({ host: one, groupName: 'office' }));
    const { sections } = hostListCard(office, rows, '', { command: 'host list office', page: 1, total: 2 });
    const [embed] = render({ sections }).body.embeds;
    expect(embed?.description?.split('\n')).toEqual([
      '**address** · **open ports**',
      '-# status',
      '-# name',
      '**10.0.4.1** · 22 SSH',
      '-# unchanged (2)',
      '**10.0.4.7** · 3389 RDP',
      '-# services-added (3)',
      '-# desk-7.example',
    ]);
  });

  it('counts the rows of a table that it leaves out, not their lines, and attaches all as text', () => {
    const rows: Text[][] = many(300, String).map((index) => [
      `10.0.${index}.1`,
      'x'.repeat(30),
      [{ type: 'time', at: 0, style: 'date' }],
    ]);
    const { text, files } = render({ sections: [{ type: 'table', columns: ['address', 'what', 'since'], rows }] });
    const shown = rows.filter(([address]) => text.includes(String(address))).length;
    expect(shown).toBeGreaterThan(20);
    expect(text).toContain(`… and ${300 - shown} more`);
    expect(String(files[0]?.data)).toContain(`10.0.299.1\t${'x'.repeat(30)}\t1970-01-01 00:00 UTC`);
  });

  it('says how many more there are when a list is one page of many, without a file', () => {
    const { text, files } = render({ sections: [{ type: 'list', items: ['a', 'b'], total: 1234 }] });
    expect(text).toContain('… and 1,232 more');
    expect(files).toEqual([]);
  });

  it('cuts long lists, counts what is missing and attaches the full text', () => {
    const items = many(300, (index) => `host-${index}.example tcp/${index} opened`);
    const rendered = render({
      sections: [{ type: 'list', items }],
      footer: ['alert 12'],
      attachment: { name: 'alert-12.csv', mimeType: 'text/csv', content: items.join('\n'), when: 'cut' },
    });
    const shown = items.filter((item) => rendered.text.includes(item)).length;
    expect(shown).toBeGreaterThan(100);
    expect(rendered.text).toContain(`… and ${300 - shown} more, all of it in alert-12.csv`);
    expect(rendered.text).toContain('alert 12');
    expect(rendered.files.map((file) => file.name)).toEqual(['alert-12.csv']);
    expect(complaints(rendered)).toEqual([]);
  });

  it('keeps what follows a long table', () => {
    const rendered = render({
      sections: [
        { type: 'table', columns: ['where', 'why'], rows: many(500, String).map((where) => [where, 'reset received']) },
        { type: 'text', text: 'acknowledged by alice' },
      ],
    });
    expect(rendered.text).toContain('acknowledged by alice');
    expect(rendered.files).toHaveLength(1);
    expect(complaints(rendered)).toEqual([]);
  });

  it('attaches the full text when one line was shortened', () => {
    const { text, files } = render({ sections: [{ type: 'text', text: 'x'.repeat(5000) }] });
    expect(text).toContain('…');
    expect(String(files[0]?.data)).toContain('x'.repeat(5000));
  });

  it('adds permanent attachments to an answer; a delivery adds them by itself, and once', () => {
    const attachment = { name: '../a b.csv', mimeType: 'text/csv', content: 'x', when: 'always' } as const;
    const card: Card = {
      title: 'x',
      tone: 'info',
      sections: [{ type: 'text', text: 'y'.repeat(5000) }],
      controls: [],
      attachment,
    };
    const names = (options: Pick<Parameters<typeof renderCard>[1], 'announce' | 'attachments'>) =>
      renderCard(card, { kindOf: () => 'user', ...options }).files.map((file) => file.name);
    expect(names({ announce: false })).toEqual(['a-b.csv']);
    const attachments = [{ name: '../a b.csv', mimeType: 'text/csv', data: Buffer.from('x') }];
    expect(names({ announce: true, attachments })).toEqual(['a-b.csv']);
  });

  it('puts buttons in rows of five and each menu in its own', () => {
    const menu: Control = {
      type: 'menu',
      label: 'More',
      options: [{ label: 'x', action: { type: 'cancel-scan', scan: 1 } }],
    };
    const rendered = render({ controls: [...[1, 2, 3, 4, 5, 6].map(button), menu] });
    expect(rendered.body.components.map((row) => row.components.length)).toEqual([5, 1, 1]);
    expect(complaints(rendered)).toEqual([]);
  });

  it('says when there are more actions than fit', () => {
    const rendered = render({ controls: many(40, String).map((index) => button(Number(index))) });
    expect(rendered.body.components).toHaveLength(5);
    expect(rendered.text).toContain('15 more actions');
    expect(complaints(rendered)).toEqual([]);
  });

  it('shows a duplicate button once, and none whose id is too long', () => {
    const long: Control = {
      type: 'button',
      label: 'Long',
      style: 'default',
      action: { type: 'run', command: 'x'.repeat(120) },
    };
    const rendered = render({ controls: [button(1), button(1), long] });
    expect(rendered.body.components.flatMap((row) => row.components as Component[]).map((part) => part.label)).toEqual([
      'Page 1',
    ]);
    expect(complaints(rendered)).toEqual([]);
  });
});
