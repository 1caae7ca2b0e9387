import { describe, expect, it } from 'vitest';
import { lineText } from '../../adapters/console/spans.ts';
import { layoutTable } from '../../adapters/console/table.ts';
import { modalOf } from '../../adapters/discord/inbound/modal.ts';
import { sectionBlock } from '../../adapters/discord/render/blocks.ts';
import { formView } from '../../adapters/slack/render/form-view.ts';
import { renderView } from '../../adapters/slack/render/render.ts';
import { type Card, plainText, type Section } from '../../src/cards/card.ts';
import { textWidth } from '../../src/cards/table-layout.ts';
import { checkContent, checkView } from '../fakes/slack/check.ts';
import { discordMessage } from '../gallery/render-discord.ts';
import { slackMessage } from '../gallery/render-slack.ts';
import { type Scene, scenes } from '../gallery/scenes.ts';

const all = scenes();
/** A phone of 360 px shows no more without sideways scrolling or wrapping. */
const MAX_UNWRAPPED = 60;

const messagesOf = ({ messages }: Scene) => messages.map(({ card }) => card);

function unwrappable(card: Card): string[] {
  const { blocks } = slackMessage(card);
  const inSlack = blocks.flatMap((block) =>
    block.type === 'rich_text'
      ? block.elements.flatMap((part) =>
          part.type === 'rich_text_preformatted'
            ? part.elements.flatMap((one) => ('text' in one ? String(one.text).split('\n') : []))
            : [],
        )
      : [],
  );
  const inDiscord = discordMessage(card).body.embeds.flatMap(({ description = '' }) =>
    [...description.matchAll(/```\n?([\s\S]*?)```/g)].flatMap(([, code = '']) => code.split('\n')),
  );
  return [...inSlack, ...inDiscord];
}

describe('the gallery', () => {
  it('has at least forty scenes, each with its own name', () => {
    expect(all.length).toBeGreaterThanOrEqual(40);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all.map((scene) => [scene.name, scene] as const))('%s is valid in Slack and Discord', (_name, scene) => {
    for (const card of messagesOf(scene)) {
      const { text, blocks, attachments } = slackMessage(card);
      expect(() => checkContent({ text, blocks, attachments })).not.toThrow();
      const { body } = discordMessage(card);
      expect(body.content.length).toBeGreaterThan(0);
      expect(body.embeds.reduce((sum, { description = '' }) => sum + description.length, 0)).toBeLessThanOrEqual(6000);
    }
  });

  it('has forms and Home tabs that Slack takes, and forms of five fields for Discord', () => {
    const homes = all.flatMap(({ home }) => home ?? []);
    const forms = all.flatMap(({ form }) => form ?? []);
    expect([homes.length, forms.length]).toEqual([2, 3]);
    for (const home of homes) {
      const { blocks } = renderView(home, { people: { nameOf: () => undefined, mention: () => false }, whole: '' });
      expect(() => checkView({ type: 'home', blocks }, 'home')).not.toThrow();
    }
    for (const form of forms) {
      for (const whole of [false, true]) {
        expect(() => checkView(formView(form('slack'), '', { whole }), 'modal')).not.toThrow();
      }
      expect(modalOf(form('discord')).components.length).toBeLessThanOrEqual(5);
    }
  });

  it('pushes what and where with every unrequested message', () => {
    for (const { messages } of all) {
      for (const { card, answer } of messages) {
        if (answer !== true) expect(slackMessage(card).text).toMatch(/office|dc|dmz|lab_net|\d+ groups/);
      }
    }
  });

  it('has no table row that a phone has to wrap on Discord', () => {
    const tables = all.flatMap(messagesOf).flatMap(({ sections }) => sections.filter(({ type }) => type === 'table'));
    const context = { kindOf: () => 'user' as const, cuts: { happened: false } };
    const blocks = tables.map((table) => sectionBlock(table, context));
    const lines = blocks.flatMap((block) =>
      block.lines.flatMap((row) => row.split('\n')).map((line) => ({ line, ...block })),
    );
    expect(lines.length).toBeGreaterThan(10);
    const wide = lines.filter(({ line, fenced }) => {
      const seen = line.replace(/<t:\d+:d>/g, '01/01/2026').replace(/^-# |\*\*|\\/g, '');
      // A code block has wider letters and margins of its own.
      return textWidth(seen) > (fenced ? 22 : line.startsWith('-# ') ? 30 : 28);
    });
    expect(wide).toEqual([]);
  });

  it('has no line that would have to wrap on a phone where that is not allowed', () => {
    const long = all
      .flatMap(messagesOf)
      .flatMap(unwrappable)
      .filter((line) => line.length > MAX_UNWRAPPED);
    expect(long).toEqual([]);
  });
});

describe('a table in a terminal', () => {
  const tables = all.flatMap(({ name, messages }) =>
    messages.flatMap(({ card }) =>
      card.sections.flatMap((one) => (one.type === 'table' ? [[name, one] as const] : [])),
    ),
  );
  const linesOf = (table: Extract<Section, { type: 'table' }>, width: number) =>
    layoutTable(
      table.columns,
      table.rows.map((row) => row.map(plainText)),
      width,
    ).map(lineText);

  it.each(tables)('%s: a line a row at 80 columns, and within 60', (_name, table) => {
    expect(linesOf(table, 80)).toHaveLength(table.rows.length + 1);
    for (const width of [60, 80])
      for (const line of linesOf(table, width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });
});

describe('an alert in the gallery', () => {
  const alerts = all.filter(({ name }) => /^(alert|life)-/.test(name));

  it('pushes the same sentence as its header, with what and where', () => {
    for (const { messages } of alerts) {
      const card = messages[0]?.card;
      if (card === undefined) throw new Error('an empty scene');
      const { text, blocks } = slackMessage(card);
      const [header] = blocks;
      expect(header?.type === 'header' ? header.text.text : '').toBe(
        text.replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
      );
      expect(discordMessage(card).body.content.replace(/\\(.)/g, '$1').replace(/ <@.*/, '')).toBe(text);
      expect(text).toMatch(/\d+\.\d+\.\d+\.\d+|2001:db8|hosts? |\d+ new host/);
      expect(text).toMatch(/office|dc|dmz|lab_net/);
    }
  });

  it('has one coloured mark, that of its risk or its end: confidence is a word', () => {
    for (const { messages } of alerts) {
      for (const { card } of messages) {
        const { text, blocks, attachments } = slackMessage(card);
        const marks = /[🟢🟡🟠🔴🟩🟨🟧🟥🚨⛔✅☑📅🚫]/gu;
        expect(text.match(marks)).toHaveLength(1);
        expect(JSON.stringify([blocks, attachments]).match(marks)).toHaveLength(1);
        expect(JSON.stringify(discordMessage(card).body.embeds)).not.toMatch(marks);
      }
    }
  });

  it('of 300 changes is three messages of few lines', () => {
    const messages = alerts.find(({ name }) => name === 'alert-300')?.messages ?? [];
    expect(messages).toHaveLength(3);
    for (const { card } of messages) {
      expect(wordsOf(card).split('\n').length).toBeLessThanOrEqual(12);
      expect(slackMessage(card).cut).toBe(false);
      expect(discordMessage(card).files).toEqual([]);
    }
  });

  it('shows the state of every delta as a word, not by its colour alone', () => {
    const WORDS = /(critical|high|medium|low|info) risk|acknowledged|expected|false alarm|resolved/i;
    for (const { messages } of alerts) for (const { card } of messages) expect(wordsOf(card)).toMatch(WORDS);
  });
});

function wordsOf(card: Card): string {
  return [...card.sections.map(sectionWords), ...(card.footer ?? []).map(plainText)].join('\n');
}

function sectionWords(section: Section): string {
  switch (section.type) {
    case 'text':
      return plainText(section.text);
    case 'list':
      return section.items.map(plainText).join('\n');
    default:
      return '';
  }
}
