import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../adapters/discord/render/render-card.ts';
import type { Card, Control } from '../../../src/cards/card.ts';
import type { Component } from '../../fakes/discord/world.ts';
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
  it('is coloured by its tone and says the rest in words', () => {
    const { body, text } = render({ tone: 'critical', badge: '🟢 certain' });
    expect(body.embeds[0]?.color).toBe(0x99_2d_22);
    expect(text).toContain('🟢 certain');
  });

  it('shows times in the reader’s zone', () => {
    const at = Date.UTC(2026, 4, 1, 12, 30);
    const { body } = render({ sections: [{ type: 'text', text: [{ type: 'time', at, style: 'relative' }] }] });
    expect(body.embeds[0]?.description).toContain(`<t:${at / 1000}:R>`);
  });

  it('names people and channels of Discord so that one can press them, and others by their names', () => {
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

  it('sets narrow tables in columns and tells wide ones line by line', () => {
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
    expect(wide.text).toContain(`${'x'.repeat(40)} · ${'y'.repeat(40)}`);
  });

  it('says of a list that is one page of many how many more there are, without a file', () => {
    const { text, files } = render({ sections: [{ type: 'list', items: ['a', 'b'], total: 1234 }] });
    expect(text).toContain('… and 1,232 more');
    expect(files).toEqual([]);
  });

  it('cuts long lists, counts what is missing and attaches the whole', () => {
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

  it('attaches the whole when one line was shortened', () => {
    const { text, files } = render({ sections: [{ type: 'text', text: 'x'.repeat(5000) }] });
    expect(text).toContain('…');
    expect(String(files[0]?.data)).toContain('x'.repeat(5000));
  });

  it('attaches what is always to be attached to an answer; a delivery brings it by itself, and once', () => {
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

  it('sets buttons in rows of five and each menu in its own', () => {
    const menu: Control = {
      type: 'menu',
      label: 'More',
      options: [{ label: 'x', action: { type: 'cancel-scan', scan: 1 } }],
    };
    const rendered = render({ controls: [...[1, 2, 3, 4, 5, 6].map(button), menu] });
    expect(rendered.body.components.map((row) => row.components.length)).toEqual([5, 1, 1]);
    expect(complaints(rendered)).toEqual([]);
  });

  it('says when there are more actions than room', () => {
    const rendered = render({ controls: many(40, String).map((index) => button(Number(index))) });
    expect(rendered.body.components).toHaveLength(5);
    expect(rendered.text).toContain('15 more actions');
    expect(complaints(rendered)).toEqual([]);
  });

  it('shows one button once, and none whose id is too long', () => {
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
