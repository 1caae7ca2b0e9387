import { describe, expect, it } from 'vitest';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';

/** https://docs.discord.com/developers/interactions/application-commands#create-global-application-command */
const MOST_SUBCOMMANDS = 25;
const MOST_OPTIONS = 25;
/** Discord's own limit is 8,000 for names, descriptions and choices of the whole command. */
const MOST_CHARACTERS = 7_500;

const ROOT = ['netdelta', 'Watch networks for change'];

describe('the limits of Discord', () => {
  it('hold at most 25 subcommands in a group, and 25 groups and subcommands', () => {
    const nouns = [...new Set(commandDescriptions.map(({ path }) => path[0]))];
    expect(nouns.length).toBeLessThanOrEqual(MOST_SUBCOMMANDS);
    for (const noun of nouns) {
      expect(commandDescriptions.filter(({ path }) => path[0] === noun).length).toBeLessThanOrEqual(MOST_SUBCOMMANDS);
    }
  });

  it('hold at most 25 options per command, and 25 choices per option', () => {
    for (const { options } of commandDescriptions) {
      expect(options.filter(({ typedOnly }) => typedOnly !== true).length).toBeLessThanOrEqual(MOST_OPTIONS);
      for (const option of options)
        expect(option.type === 'choice' ? (option.choices?.length ?? 0) : 0).toBeLessThanOrEqual(25);
    }
  });

  it('hold names, descriptions and choices of the whole within 7,500 characters', () => {
    const groups = [...new Set(commandDescriptions.filter(({ path }) => path.length > 1).map(({ path }) => path[0]))];
    const texts = [
      ...ROOT,
      ...groups.flatMap((group) => [group, `About ${group}`]),
      ...commandDescriptions.flatMap(({ path, summary, options }) => [
        path.at(-1) ?? '',
        summary,
        ...options.flatMap(({ name, description, type, typedOnly, choices = [] }) =>
          typedOnly === true
            ? []
            : [name, description, ...(type === 'choice' ? choices.flatMap((choice) => [choice, choice]) : [])],
        ),
      ]),
    ];
    expect(texts.join('').length).toBeLessThanOrEqual(MOST_CHARACTERS);
  });
});
