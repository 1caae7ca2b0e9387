import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../adapters/slack/render/render.ts';
import type { Card } from '../../src/cards/card.ts';
import { commandHelpCard, type HelpEntry, type HelpStyle, helpCard } from '../../src/cards/help.ts';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import { usage } from '../../src/commands/grammar/usage.ts';
import { cardText } from '../commands/text.ts';
import { discordMessage } from '../gallery/render-discord.ts';

function entriesIn(style: HelpStyle): HelpEntry[] {
  return commandDescriptions.map((description) => {
    if (style === 'text') return { ...description, style, usage: usage(description) };
    const options = description.options.filter(({ typedOnly }) => typedOnly !== true);
    return { ...description, options, style, usage: `/netdelta ${description.path.join(' ')}` };
  });
}

/** Every answer of `help` in a style. */
function allHelp(style: HelpStyle): Card[] {
  const entries = entriesIn(style);
  const nouns = [...new Set(entries.map(({ path }) => path[0]))];
  return [
    helpCard(entries, style),
    ...nouns.map((noun) => commandHelpCard(entries.filter(({ path }) => path[0] === noun))),
    ...entries.map((entry) => commandHelpCard([entry])),
  ];
}

describe('help', () => {
  it('fits one message in Slack, completely and without a file', () => {
    const people = { nameOf: () => undefined, mention: () => false };
    for (const card of allHelp('text')) {
      expect([card.title, renderMessage(card, { people, whole: '' }).cut]).toEqual([card.title, false]);
    }
  });

  it('fits one message on Discord, completely and without a file', () => {
    for (const card of allHelp('typed')) {
      const { body, files } = discordMessage(card, false);
      expect([card.title, files]).toEqual([card.title, []]);
      expect(body.embeds.map(({ description = '' }) => description).join('\n')).not.toMatch(/… and [\d,]+ more/);
    }
  });

  it('explains options on Discord, not key:value', () => {
    // `file:events` is a place, not an option.
    const all = commandDescriptions.flatMap(({ options }) => options.map(({ name }) => name));
    const names = [...new Set(all)].filter((name) => name !== 'file');
    const typed = new RegExp(`(?<![\\w-])(?:${names.join('|')}):(?! )`);
    const found = allHelp('typed').flatMap((card) =>
      cardText(card)
        .split('\n')
        .filter((line) => typed.test(line)),
    );
    expect([...new Set(found)]).toEqual([]);
  });
});
