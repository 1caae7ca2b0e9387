import fc from 'fast-check';
import type { Card, Control, Inline, Section, Text } from '../../../src/cards/card.ts';

/** Any card at all, of any size, with text that nobody would write on purpose. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('', ' ', '\n', '<!channel>', '*b* _i_ `c`', ':fire:', 'a\u0000\u202eb', '😀'.repeat(90)),
  },
  { weight: 1, arbitrary: fc.nat(20_000).map((length) => 'é<&'.repeat(length / 3)) },
);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  text.map((words): Inline => ({ type: 'text', text: words })),
  text.map((words): Inline => ({ type: 'strong', text: words })),
  text.map((words): Inline => ({ type: 'code', text: words })),
  fc.constantFrom('datetime', 'date', 'time', 'relative').map((style): Inline => ({ type: 'time', at: 1.7e12, style })),
  fc
    .constantFrom('slack:U0ALICE', 'slack:S0OPS', 'discord:80351110224678912', 'console:local')
    .chain((key) => text.map((name): Inline => ({ type: 'user', key, name }))),
  fc
    .constantFrom('slack:C0ALERTS', 'discord:80351110224678912', 'console:main')
    .map((ref): Inline => ({ type: 'channel', ref })),
);

const rich: fc.Arbitrary<Text> = fc.oneof(text, fc.array(inline, { maxLength: 6 }));

const section: fc.Arbitrary<Section> = fc.oneof(
  rich.map((words): Section => ({ type: 'text', text: words })),
  fc
    .array(fc.record({ label: text, value: rich }), { maxLength: 30 })
    .map((fields): Section => ({ type: 'fields', fields })),
  fc.array(rich, { maxLength: 400 }).map((items): Section => ({ type: 'list', items, total: items.length + 3 })),
  fc
    .array(fc.array(text, { minLength: 3, maxLength: 3 }), { maxLength: 400 })
    .map((rows): Section => ({ type: 'table', columns: ['a', '', 'c'], rows })),
  text.map((words): Section => ({ type: 'code', text: words })),
  fc.nat(100).chain((percent) => text.map((label): Section => ({ type: 'progress', percent, label }))),
  fc.constant<Section>({ type: 'divider' }),
);

const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({ label: text, command: text, confirm: text, style: fc.constantFrom('primary', 'danger', 'default') }).map(
    ({ label, command, confirm, style }): Control => ({
      type: 'button',
      label,
      style,
      confirm,
      action: { type: 'run', command },
    }),
  ),
  fc.array(fc.tuple(text, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 25 }).chain((options) =>
    text.map(
      (label): Control => ({
        type: 'menu',
        label,
        options: options.map(([words, alert]) => ({ label: words, action: { type: 'history', scope: { alert } } })),
      }),
    ),
  ),
);

export const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    title: text,
    tone: fc.constantFrom('neutral', 'info', 'good', 'low', 'medium', 'high', 'critical', 'error'),
    badge: text,
    summary: text,
    sections: fc.array(section, { maxLength: 70 }),
    controls: fc.array(control, { maxLength: 30 }),
    footer: fc.array(rich, { maxLength: 14 }),
    mention: fc.constantFrom(['slack:U0ALICE'], ['slack:S0OPS', 'discord:1'], []),
  },
  { requiredKeys: ['title', 'tone', 'sections', 'controls'] },
);
