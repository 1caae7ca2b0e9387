import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { renderMessage, renderView } from '../../../adapters/slack/render/render.ts';
import type { People } from '../../../adapters/slack/render/rich-text.ts';
import type { Card, Control } from '../../../src/cards/card.ts';
import { checkContent, checkView } from '../../fakes/slack/check.ts';
import { type Reading, readBlocks } from '../../fakes/slack/reading.ts';
import { amount } from '../../thorough.ts';
import { longCard, MANY_ROWS, rowName } from '../chat-contract-cards.ts';
import { anyCard } from './arbitrary-card.ts';

const nobody: People = { nameOf: () => undefined, mention: () => false };

function plainCard(parts: Partial<Card>): Card {
  return { title: 'lab', tone: 'neutral', sections: [], controls: [], ...parts };
}

/** As the local Slack checks and reads it. */
function read(card: Card, people = nobody): Reading & { fallback: string; colour?: string } {
  const { text, blocks, attachments } = renderMessage(card, { people, whole: 'the whole is in x.csv' });
  const content = checkContent({ text, blocks, attachments });
  const colour = content.attachments[0]?.color;
  const all = [...content.blocks, ...content.attachments.flatMap((one) => one.blocks)];
  return { ...readBlocks(all), fallback: content.text, ...(colour === undefined ? {} : { colour }) };
}

describe('any card', () => {
  test('becomes a message that Slack accepts, and that notifies only the people it names', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { pings, links } = read(card);
        const named = (card.mention ?? []).filter((key) => key.startsWith('slack:')).map((key) => key.slice(6));
        expect(pings).toEqual(named);
        expect(links).toEqual([]);
      }),
      // Without shrinking: with long texts that takes for ever.
      { numRuns: amount(40, 300), endOnFailure: true },
    );
  });

  test('becomes a Home tab and a modal that Slack accepts', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { blocks } = renderView(card, { people: nobody, whole: 'more' });
        checkView({ type: 'home', blocks }, 'home');
      }),
      { numRuns: amount(20, 120), endOnFailure: true },
    );
  });
});

it('leaves out the last of many small sections where buttons need the room', () => {
  const options = Array.from({ length: 25 }, (_, n) => ({
    label: `${n} ${'é'.repeat(60)}`,
    action: { type: 'delta-acknowledge' as const, delta: n + 1 },
  }));
  const sections = Array.from({ length: 30 }, (_, n) => ({ type: 'text' as const, text: `${n} ${'ö'.repeat(120)}` }));
  const { text, blocks, attachments, cut } = renderMessage(
    plainCard({ sections, controls: [{ type: 'menu', label: 'Acknowledge…', options }], footer: ['ü'.repeat(900)] }),
    { people: nobody, whole: 'the whole is in x.csv' },
  );
  checkContent({ text, blocks, attachments });
  expect(cut).toBe(true);
  expect(Buffer.byteLength(JSON.stringify([blocks, attachments]))).toBeLessThan(12_500);
});

describe('a card with 300 deltas', () => {
  it('shows as many as fit, says how many more there are, and where the full list is', () => {
    const { text, controls } = read(longCard({ attachment: true }));
    const shown = Array.from({ length: MANY_ROWS }, (_, row) => rowName(row)).filter((name) => text.includes(name));
    expect(shown.length).toBeGreaterThan(20);
    const told = [...text.matchAll(/… and (\d+) more/g)].map((match) => Number(match[1]));
    expect(told).toHaveLength(2);
    expect(text.match(/• /g)).toHaveLength(MANY_ROWS - (told[0] ?? 0));
    expect(text).toContain('the whole is in x.csv');
    expect(controls.map((control) => control.label)).toEqual(['Acknowledge all']);
  });

  it('counts what the card itself left out', () => {
    const { text } = read(plainCard({ sections: [{ type: 'list', items: ['a', 'b'], total: 40 }] }));
    expect(text).toContain('… and 38 more');
    expect(text).not.toContain('the whole is in');
  });
});

describe('text', () => {
  it('shows times in the reader’s zone, in text and in small print', () => {
    const at = Date.UTC(2026, 1, 3, 14, 30);
    const time = [{ type: 'time' as const, at, style: 'datetime' as const }];
    const rendered = renderMessage(plainCard({ sections: [{ type: 'text', text: time }], footer: [time] }), {
      people: nobody,
      whole: '',
    });
    const date = { type: 'date', timestamp: at / 1000, format: '{date_short_pretty} at {time}' };
    expect(rendered.blocks[1]).toMatchObject({ elements: [{ elements: [date] }] });
    expect(JSON.stringify(rendered.attachments)).toContain(
      `<!date^${at / 1000}^{date_short_pretty} at {time}|2026-02-03 14:30 UTC>`,
    );
  });

  it('shows markup in small print next to a time as plain text', () => {
    const hostile = '*b* _i_ ~s~ `c` <!channel> <https://evil.example|x> &lt; :fire: https://evil.example';
    const footer = [
      [
        { type: 'text' as const, text: hostile },
        { type: 'time' as const, at: 0, style: 'date' as const },
      ],
    ];
    const { text, pings, links } = read(plainCard({ footer }));
    expect(text).toContain(hostile);
    expect([pings, links]).toEqual([[], []]);
  });

  it('names people in a new message, and mentions only those to be notified', () => {
    const sections: Card['sections'] = [
      { type: 'text', text: [{ type: 'user', key: 'slack:U0ALICE', name: 'alice' }] },
      { type: 'text', text: [{ type: 'user', key: 'slack:U0BOB', name: 'bob' }] },
    ];
    const { text, pings } = read(plainCard({ sections, mention: ['slack:S0OPS'] }));
    expect(text).toContain('@alice');
    expect(pings).toEqual(['S0OPS']);
  });

  it('has a line for notifications and screen readers', () => {
    expect(read(plainCard({ title: 'a<b', tone: 'critical', badge: '🟢 certain' })).fallback).toBe(
      '🚨 a&lt;b · 🟢 certain',
    );
    expect(read(plainCard({ summary: 'lab: 3 services added' })).fallback).toBe('lab: 3 services added');
  });

  it('shows the risk by a mark in the title and by the colour beside the small print', () => {
    const { text, colour } = read(plainCard({ tone: 'high', footer: ['scan 12'] }));
    expect(text).toMatch(/^🟥 lab\nscan 12$/);
    expect(colour).toBe('#E01E5A');
  });

  it('uses Slack’s own table once, and a line per row where tables are not possible', () => {
    const table = {
      type: 'table' as const,
      columns: ['where', 'what', 'since'],
      rows: [['zürich', 'x'.repeat(200), [{ type: 'time' as const, at: 1_700_000_000_000, style: 'date' as const }]]],
    };
    const card = plainCard({ sections: [table, table] });
    const native = renderMessage(card, { people: nobody, whole: '' });
    expect(native.blocks.map((block) => block.type)).toEqual(['header', 'table', 'rich_text']);
    expect(native.blocks[1]).toMatchObject({
      rows: [
        [{ text: 'where' }, {}, {}],
        [{ text: 'zürich' }, {}, { type: 'rich_text' }],
      ],
    });
    const plain = renderMessage(card, { people: nobody, whole: '', tables: false });
    expect(plain.blocks.map((block) => block.type)).toEqual(['header', 'rich_text', 'rich_text']);
    expect(JSON.stringify(plain.blocks)).not.toContain('rich_text_preformatted');
  });
});

describe('controls', () => {
  const option = (alert: number) => ({
    label: `option ${alert}`,
    action: { type: 'history' as const, scope: { alert } },
  });
  const menu = (label: string, count: number): Control => ({
    type: 'menu',
    label,
    options: Array.from({ length: count }, (_, index) => option(index + 1)),
  });
  const typesOf = (control: Control) => {
    const { blocks } = renderMessage(plainCard({ controls: [control] }), { people: nobody, whole: '' });
    return blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map((element) => element.type) : []));
  };

  it('shows a few further actions behind ⋯, many or named ones as a select menu, a single one as a button', () => {
    expect(typesOf(menu('More', 4))).toEqual(['overflow']);
    expect(typesOf(menu('More', 6))).toEqual(['static_select']);
    expect(typesOf(menu('Mute for…', 3))).toEqual(['static_select']);
    expect(typesOf(menu('More', 1))).toEqual(['button']);
  });

  it('asks before an action that cannot be undone', () => {
    const action = { type: 'remove-group' as const, group: 3 };
    const confirm = 'Really remove lab and its history?';
    const card = plainCard({ controls: [{ type: 'button', label: 'Remove', style: 'danger', action, confirm }] });
    expect(read(card).controls[0]).toMatchObject({
      label: 'Remove',
      value: 'nd1;remove-group;3',
      confirm,
      style: 'danger',
    });
  });
});
