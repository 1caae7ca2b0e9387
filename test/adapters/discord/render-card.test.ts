import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCard } from '../../../adapters/discord/render-card.ts';
import type { Card, Control, Section } from '../../../src/cards/card.ts';
import { openContract } from '../../fakes/discord/contract.ts';
import { readable } from '../../fakes/discord/readable.ts';
import { messageComplaints } from '../../fakes/discord/strictness.ts';
import type { Component } from '../../fakes/discord/world.ts';
import { HOSTILE } from '../chat-contract-cards.ts';

const RUNS = 150;
const contract = openContract();

function render(card: Partial<Card>) {
  const { body, files } = renderCard(
    { title: 'title', tone: 'info', sections: [], controls: [], ...card },
    { kindOf: () => 'user', announce: true, marker: 'https://discord.com/#netdelta-x' },
  );
  return { body, files, text: body.embeds.map((embed) => readable(embed.description ?? '').text).join('\n') };
}

function complaints({ body, files }: ReturnType<typeof render>): string[] {
  const listed = files.map((file, id) => ({ id: String(id), filename: file.name }));
  const json = JSON.parse(JSON.stringify({ ...body, ...(listed.length === 0 ? {} : { attachments: listed }) }));
  return [...contract.complaints('POST', '/channels/1/messages', json), ...messageComplaints(json, files.length)];
}

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

describe('any card', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(...HOSTILE),
    fc.string({ minLength: 200, maxLength: 6000 }),
    fc.constantFrom('', ' ', '\n', '```', '`', '\\', '*', '- x', '1. x', '-# small', '@here', 'discord.gg/abc'),
  );
  const inline = fc.oneof(
    fc.record({ type: fc.constantFrom('text' as const, 'strong' as const, 'code' as const), text }),
    fc.record({ type: fc.constant('user' as const), key: fc.constant('slack:U1'), name: text }),
  );
  const rich = fc.oneof(text, fc.array(inline, { maxLength: 6 }));
  const section: fc.Arbitrary<Section> = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: rich }),
    fc.record({
      type: fc.constant('fields' as const),
      fields: fc.array(fc.record({ label: text, value: rich }), { maxLength: 30 }),
    }),
    fc.record({ type: fc.constant('list' as const), items: fc.array(rich, { maxLength: 80 }) }),
    fc.record({
      type: fc.constant('table' as const),
      columns: fc.array(text, { minLength: 1, maxLength: 5 }),
      rows: fc.array(fc.array(text, { maxLength: 5 }), { maxLength: 60 }),
    }),
    fc.record({ type: fc.constant('code' as const), text }),
    fc.record({
      type: fc.constant('progress' as const),
      percent: fc.double({ min: -5, max: 200, noNaN: true }),
      label: text,
    }),
  );
  const card = fc.record({
    title: text,
    badge: text,
    summary: text,
    sections: fc.array(section, { maxLength: 40 }),
    footer: fc.array(rich, { maxLength: 4 }),
  });

  it('holds every limit, links nowhere and mentions nobody', () => {
    fc.assert(
      fc.property(card, (given) => {
        const rendered = render(given);
        expect(complaints(rendered)).toEqual([]);
        for (const part of [rendered.body.content, ...rendered.body.embeds.map((embed) => embed.description ?? '')]) {
          const { links, mentions } = readable(part);
          expect({ links, mentions }).toEqual({ links: [], mentions: [] });
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('shows short text as the text it is', () => {
    fc.assert(
      fc.property(fc.array(inline, { minLength: 1, maxLength: 4 }), (parts) => {
        const wanted = parts
          .map((part) => (part.type === 'user' ? `@${part.name}` : part.text))
          .map((part) => part.slice(0, 60).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' '));
        const short = parts.map((part, index) =>
          part.type === 'user'
            ? { ...part, name: (wanted[index] ?? '').slice(1) }
            : { ...part, text: wanted[index] ?? '' },
        );
        const { text: shown } = render({ sections: [{ type: 'text', text: short }] });
        const letters = (from: string) => from.replace(/\s+/g, '');
        expect(letters(shown)).toContain(letters(wanted.join('')));
      }),
      { numRuns: RUNS },
    );
  });
});
