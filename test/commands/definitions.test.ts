import { describe, expect, it } from 'vitest';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import type { CommandDescription } from '../../src/commands/grammar/command-description.ts';
import { usage } from '../../src/commands/grammar/usage.ts';
import { assignWords, parseCommand, validateOptions } from '../../src/commands/input/parser.ts';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const named = commandDescriptions.map((definition) => [definition.path.join(' '), definition] as const);

/** The commands in commands.md; later issues add theirs. */
const PROMISED = [
  'help, status, group add, group edit, group pause, group resume, group show, group list, group remove',
  'scan now, scan status, scan show, scan list, scan cancel',
  'schedule add, schedule edit, schedule list, schedule pause, schedule resume, schedule remove',
  'delta list, delta show, delta ack, delta ack-all, delta expected, delta undo, delta recheck, delta false-alarm',
  'service find, host show, host list, mute add, mute list, mute remove, window add, window list, window remove',
  'expect add, expect list, expect remove, alert route, alert list, alert test, role grant, role revoke, role list',
  'audit list, delivery list, delivery resend',
].join(', ');

const ROLES: Record<string, string> = {
  help: 'anyone',
  status: 'viewer',
  'group add': 'operator',
  'group edit': 'operator',
  'group pause': 'operator',
  'group resume': 'operator',
  'group remove': 'operator',
  'group show': 'viewer',
  'group list': 'viewer',
  'scan now': 'operator',
  'scan cancel': 'operator',
  'scan show': 'viewer',
  'schedule add': 'operator',
  'schedule list': 'viewer',
  'delta list': 'viewer',
  'delta ack': 'acknowledger',
  'delta ack-all': 'acknowledger',
  'delta expected': 'acknowledger',
  'delta undo': 'acknowledger',
  'delta recheck': 'operator',
  'delta false-alarm': 'operator',
  'mute add': 'operator',
  'expect add': 'operator',
  'window add': 'operator',
  'alert route': 'admin',
  'role grant': 'admin',
  'audit list': 'admin',
  'delivery resend': 'admin',
};

describe('the table of commands', () => {
  it('has every promised command', () => {
    expect(named.map(([path]) => path)).toEqual(expect.arrayContaining(PROMISED.split(', ')));
  });

  it('has each command once', () => {
    expect(new Set(named.map(([path]) => path)).size).toBe(named.length);
  });

  it.each(Object.entries(ROLES))('%s needs %s', (path, role) => {
    expect(commandDescriptions.find((definition) => definition.path.join(' ') === path)?.role).toBe(role);
  });

  it('answers questions to the caller only', () => {
    // A report is for everybody in the channel.
    const questions = commandDescriptions.filter(
      ({ path }) => path[0] !== 'report' && ['list', 'show', 'find', 'status', 'why'].includes(path.at(-1) ?? ''),
    );
    expect(questions.every((definition) => definition.audience === 'private')).toBe(true);
  });
});

describe.each(named)('%s', (path, definition) => {
  it('has a summary, names and descriptions that every platform accepts', () => {
    expect(definition.path.every((word) => NAME.test(word) && word.length <= 32)).toBe(true);
    expect(definition.summary.length).toBeGreaterThan(3);
    for (const text of [definition.summary, ...definition.options.map((option) => option.description)]) {
      expect(text.length).toBeLessThanOrEqual(100);
      expect(text.trim()).toBe(text);
    }
    for (const option of definition.options) expect(option.name).toMatch(NAME);
  });

  it('has each option once, required words first, the rest of the line last', () => {
    const { options } = definition;
    expect(new Set(options.map((option) => option.name)).size).toBe(options.length);
    const positional = options.filter((option) => option.positional);
    const firstOptional = positional.findIndex((option) => !option.required);
    if (firstOptional >= 0) expect(positional.slice(firstOptional).every((option) => !option.required)).toBe(true);
    const rest = positional.findIndex((option) => option.rest === true);
    if (rest >= 0) expect(rest).toBe(positional.length - 1);
  });

  it('has a valid example', () => {
    const { definition: found, words } = parseCommand<CommandDescription>(definition.example, commandDescriptions);
    expect(found.path.join(' ')).toBe(path);
    const { errors } = validateOptions(found, assignWords(found, words), 'console');
    expect(errors).toEqual([]);
  });

  it('names every option in its usage', () => {
    const text = usage(definition).toLowerCase();
    for (const option of definition.options) expect(text).toContain(option.name);
  });
});
