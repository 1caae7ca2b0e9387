import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layout, layoutCard, layoutSection } from '../../../adapters/console/layout.ts';
import { paint } from '../../../adapters/console/paint.ts';
import { lineText, lineWidth, span, wrap } from '../../../adapters/console/spans.ts';
import { printable } from '../../../adapters/console/width.ts';
import type { Card } from '../../../src/cards/card.ts';
import { textWidth } from '../../../src/cards/table-layout.ts';
import { amount } from '../../thorough.ts';

const layoutOf = (width: number): Layout => ({ width, timeWords: () => '12:00' });
const lines = (card: Card, width: number) => layoutCard(card, layoutOf(width)).map(lineText);

const card: Card = {
  title: 'lab: 3 changes',
  tone: 'high',
  badge: '🟢 certain',
  sections: [
    { type: 'text', text: 'One sentence that is long enough to need another line when it is narrow.' },
    {
      type: 'fields',
      fields: [
        { label: 'Changes', value: '2 services added' },
        { label: 'Who must look', value: '東京の人' },
      ],
    },
    { type: 'list', items: ['first', 'second'], total: 5 },
    {
      type: 'table',
      columns: ['port', 'service'],
      rows: [
        ['22/tcp', 'ssh, OpenSSH 9.0'],
        ['80/tcp', 'http'],
      ],
    },
    { type: 'code', text: 'group add x\n          ^' },
    { type: 'progress', percent: 42, label: '108 of 256 hosts' },
    { type: 'divider' },
  ],
  controls: [],
  footer: ['alert 7'],
};

describe('a card as lines', () => {
  it('is laid out for reading', () => {
    expect(lines(card, 60)).toEqual([
      '▲ lab: 3 changes  🟢 certain',
      'One sentence that is long enough to need another line when ',
      'it is narrow.',
      'Changes        2 services added',
      'Who must look  東京の人',
      '• first',
      '• second',
      '  and 3 more',
      'port    service',
      '22/tcp  ssh, OpenSSH 9.0',
      '80/tcp  http',
      '  group add x',
      '            ^',
      '██████████░░░░░░░░░░░░░░  42 %  108 of 256 hosts',
      '────────────────────────────────────────',
      'alert 7',
    ]);
  });

  it('leaves a setting whole, so that it can be copied', () => {
    const text = `NETDELTA_ALLOWED_TARGETS=${'10.0.0.0/8,'.repeat(9)}192.0.2.1`;
    expect(lines({ ...card, sections: [{ type: 'code', text }] }, 40)).toContain(`  ${text}`);
  });

  it('fits a narrow window: labels before their values, tables row by row', () => {
    expect(lines(card, 22)).toEqual([
      '▲ lab: 3 changes  🟢 ',
      '  certain',
      'One sentence that is ',
      'long enough to need ',
      'another line when it ',
      'is narrow.',
      'Changes: 2 services ',
      '  added',
      'Who must look: ',
      '  東京の人',
      '• first',
      '• second',
      '  and 3 more',
      '• 22/tcp',
      '  service ssh, OpenSSH ',
      '    9.0',
      '• 80/tcp',
      '  service http',
      '  group add x',
      '            ^',
      '██████░░░░░░░░  42 %  ',
      '108 of 256 hosts',
      '──────────────────────',
      'alert 7',
    ]);
  });

  it('is never wider than the window, whatever it contains', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('東京'.repeat(20), '🟢'.repeat(15), 'e\u0301'.repeat(40)),
    );
    const section = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text }),
      fc.record({ type: fc.constant('list' as const), items: fc.array(text, { maxLength: 3 }) }),
      fc.record({ type: fc.constant('code' as const), text }),
      fc.record({
        type: fc.constant('fields' as const),
        fields: fc.array(fc.record({ label: text, value: text }), { maxLength: 3 }),
      }),
      fc.record({
        type: fc.constant('table' as const),
        columns: fc.array(text, { minLength: 2, maxLength: 2 }),
        rows: fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { maxLength: 3 }),
      }),
      fc.record({ type: fc.constant('progress' as const), percent: fc.integer({ min: 0, max: 100 }), label: text }),
    );
    fc.assert(
      fc.property(
        text,
        fc.array(section, { maxLength: 4 }),
        fc.integer({ min: 16, max: 120 }),
        (title, sections, width) => {
          for (const line of layoutCard(
            { title, tone: 'info', sections, controls: [], footer: [title] },
            layoutOf(width),
          )) {
            expect(lineWidth(line.map((part) => span(part.text.trimEnd())))).toBeLessThanOrEqual(width);
            expect(lineText(line)).not.toMatch(/\p{Cc}|\u202e/u);
          }
        },
      ),
      { numRuns: amount(100, 500) },
    );
  });

  it('loses no word by wrapping', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), { maxLength: 12 }),
        fc.integer({ min: 4, max: 30 }),
        (words, width) => {
          const text = printable(words.join(' '));
          const lines = wrap(
            words.map((word) => span(word)),
            width,
          );
          for (const line of lines) expect(textWidth(lineText(line).trimEnd())).toBeLessThanOrEqual(width);
          const wrapped = wrap([span(text)], width)
            .map(lineText)
            .join('');
          expect(wrapped.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        },
      ),
    );
  });

  it('shows a channel with its #, and an address without one', () => {
    const layout = { width: 60, timeWords: () => '' };
    const shown = (ref: string) =>
      lineText(layoutSection({ type: 'text', text: [{ type: 'channel', ref }] }, layout)[0] ?? []);
    expect(shown('slack:C0123')).toBe('#slack:C0123');
    expect(shown('email:noc@example.com')).toBe('email:noc@example.com');
    expect(shown('syslog:main')).toBe('syslog:main');
  });

  it.each(['a', '豊', '🟥', 'a\u0301', '\u1112\u1161\u11ab', 'é-'])(
    'is wrapped in a time that grows with its length, not with its square: %s',
    (piece) => {
      const cost = (count: number) => {
        const text = piece.repeat(count);
        const before = process.cpuUsage();
        expect(
          wrap([span(text)], 80, 2)
            .map(lineText)
            .join('')
            .replaceAll(' ', ''),
        ).toBe(text);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      };
      cost(500);
      expect(cost(8_000)).toBeLessThan(24 * Math.max(cost(1_000), 5_000));
    },
    60_000,
  );

  it('takes a character of any length for one, and shows more of a text than of one', () => {
    const marked = `a${'\u0301'.repeat(5_000)}`;
    expect(wrap([span(`${marked}${'b'.repeat(12)}`)], 10).map(lineText)).toEqual([`${marked}${'b'.repeat(9)}`, 'bbb']);
  });

  it('breaks no line before a comma because of a change of style', () => {
    const parts = [
      span('Expected '),
      span('every 6h', 'code'),
      span(', '),
      span('@hourly', 'code'),
      span(', or cron.'),
    ];
    expect(wrap(parts, 17).map(lineText)).toEqual(['Expected every ', '6h, @hourly, or ', 'cron.']);
    expect(wrap(parts, 7).map(lineText).join('')).toBe(parts.map(({ text }) => text).join(''));
  });
});

describe('width', () => {
  it('counts the columns that a terminal shows', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('東京')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('🟢')).toBe(2);
    expect(textWidth('▌▲✔…')).toBe(4);
    expect(textWidth('한글')).toBe(4);
  });
});

describe('colour', () => {
  it('is there only when asked for, and closed at the end of each part', () => {
    const line = [span('▲ ', 'high'), span('title', 'bold')];
    expect(paint(line, false)).toBe('▲ title');
    expect(paint(line, true)).toBe('\u001b[31m▲ \u001b[0m\u001b[1mtitle\u001b[0m');
  });

  it('of untrusted text is removed', () => {
    expect(printable('\u001b[31mred\u001b[0m \u009b31m \u0007\u202egnp')).toBe('[31mred[0m 31m gnp');
  });
});
