import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Section } from '../../../src/cards/card.ts';
import { readable } from '../../fakes/discord/readable.ts';
import { amount } from '../../thorough.ts';
import { HOSTILE } from '../chat-contract-cards.ts';
import { complaints, render } from './rendered.ts';

const RUNS = amount(40, 300);

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

  it('keeps every limit, links nowhere and mentions nobody', () => {
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

  it('shows short text literally', () => {
    fc.assert(
      fc.property(fc.array(inline, { minLength: 1, maxLength: 4 }), (parts) => {
        const wanted = parts
          .map((part) => (part.type === 'user' ? `@${part.name}` : part.text))
          .map((part) =>
            part
              .slice(0, 60)
              .replace(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\u034f|[\u115f\u1160\u3164\uffa0]|[\ufe00-\ufe0f]/gu, ' '),
          );
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
