import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandDescriptions } from '../../src/commands/grammar/all-commands.ts';
import type { CommandDescription } from '../../src/commands/grammar/command-description.ts';
import { assignOptions, assignWords, parseCommand, validateOptions } from '../../src/commands/input/parser.ts';
import { UserError } from '../../src/core/errors.ts';
import { amount } from '../thorough.ts';

function read(line: string) {
  const { definition, words } = parseCommand<CommandDescription>(line, commandDescriptions);
  const { options, errors } = validateOptions(definition, assignWords(definition, words), 'slack');
  if (errors[0] !== undefined) throw errors[0];
  return { path: definition.path.join(' '), options };
}

function refusal(line: string): UserError {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`“${line}” was accepted`);
}

describe('a line', () => {
  it('takes positional words in order and options in any order', () => {
    expect(read('group add lab profile:quick 10.0.0.1 ports:22,80 10.0.0.0/30, gw.lab.example')).toEqual({
      path: 'group add',
      options: {
        name: 'lab',
        targets: ['10.0.0.1', '10.0.0.0/30', 'gw.lab.example'],
        ports: '22,80',
        profile: 'quick',
      },
    });
  });

  it('may begin with the slash command itself, in any case', () => {
    expect(read('/netdelta Group LIST').path).toBe('group list');
  });

  it('may name positional words too', () => {
    expect(read('group add targets:10.0.0.1 name:lab').options).toEqual({ name: 'lab', targets: ['10.0.0.1'] });
    expect(read('group add name:lab 10.0.0.1 10.0.0.2').options).toEqual({
      name: 'lab',
      targets: ['10.0.0.1', '10.0.0.2'],
    });
  });

  it('that is empty asks for help', () => {
    expect(read('').path).toBe('help');
  });

  it('makes values canonical', () => {
    expect(read('mute add lab for:1h30m').options['for']).toBe('5400000');
    expect(read('delta ack 3, #4 7-9').options['ids']).toEqual(['3', '4', '7', '8', '9']);
    expect(read('host show 2001:DB8:0::1').options['address']).toBe('2001:db8::1');
    expect(read('schedule add lab @daily tz:europe/berlin').options['tz']).toBe('Europe/Berlin');
    expect(read('group edit lab hide-repeats:yes alert-on:all,outage').options).toMatchObject({
      'hide-repeats': 'true',
      'alert-on': ['all', 'outage'],
    });
  });

  it('joins the words of WHEN', () => {
    expect(read('schedule add lab */5 0-6 * * mon tz:UTC').options['when']).toBe('*/5 0-6 * * mon');
  });
});

describe('a typo', () => {
  it.each([
    ['gruop add lab 10.0.0.1', 'gruop', 'Did you mean `group add`?'],
    ['group ad lab 10.0.0.1', 'ad', 'Did you mean `group add`?'],
    ['add group lab', 'add', 'Did you mean `group add`?'],
    ['group delete lab', 'delete', 'Did you mean `group remove`?'],
    ['ack 5', 'ack', 'Did you mean `delta ack`?'],
    ['group', 'group', 'followed by one of add, edit'],
    ['wibble', 'wibble', 'Commands begin with one of help, status, group'],
    ['group add lab 10.0.0.1 prots:22', 'prots:', 'Did you mean `ports:`?'],
    ['scan now lab ports:0-70000', '0-70000', 'ports from 1 to 65535'],
    ['group add lab 10.0.0.0/33', '10.0.0.0/33', 'For IPv4 it is 0 to 32'],
    ['group add lab 10.0.0.5-3', '10.0.0.5-3', 'lower address first'],
    ['group add lab --script=evil', '--script=evil', 'Expected a CIDR'],
    ['group add lab ;rm -rf', ';rm', 'Expected a CIDR'],
    ['group add lab 10.0.0.1 profile:quik', 'quik', 'Did you mean `quick`?'],
    ['schedule add lab daily 02:00 tz:Mars/Base', 'Mars/Base', 'IANA'],
    ['delta ack five', 'five', '`delta list` shows them'],
    ['delta ack 5 note:new printer', 'printer', '`note:"like this"`'],
    ['delta show 5 6', '6', 'Usage: `delta show ID`'],
    ['role grant <@U0123> bos', 'bos', 'viewer, acknowledger, operator, admin'],
    ['role grant @alice viewer', '@alice', 'Pick the person'],
    ['group edit lab confirm: off', 'confirm:', 'right behind the colon'],
    ['group edit lab retention:0', '0', 'Expected 1 to'],
    ['mute add lab for:soon', 'soon', 'Write a number with'],
    ['group edit lab hide-repeats:maybe', 'maybe', '`on` or `off`'],
  ])('“%s” is reported at %s', (line, word, hint) => {
    const error = refusal(line);
    expect(error.word).toBe(word);
    expect(`${error.message} ${error.hint}`).toContain(hint);
  });

  it('that leaves out a word says which, with the usage and an example', () => {
    const error = refusal('group add lab');
    expect(error.message).toContain('TARGETS is missing');
    expect(error.hint).toContain('group add NAME TARGETS…');
    expect(error.hint).toContain('group add office 10.0.0.0/24');
  });

  it('that gives an option twice is reported', () => {
    expect(refusal('group add lab 10.0.0.1 ports:22 ports:23').message).toBe('“ports” was given twice.');
  });
});

describe('any text at all', () => {
  const words = commandDescriptions.flatMap(({ path, options }) => [...path, ...options.map(({ name }) => `${name}:`)]);
  const line = fc.array(
    fc.oneof(
      fc.constantFrom(...words, '10.0.0.1', '"', '“', ':', '<@U1|x>', '<#C1', '\\', '::1', 'a:b', '-', '--', '\u202e'),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 8 },
  );

  it('is understood or refused with an explanation, never anything else', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(' ', '', '\n'), (parts, glue) => {
        const text = parts.join(glue);
        try {
          read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: amount(500, 5_000) },
    );
  });

  it('as typed options is understood or refused with an explanation, too', () => {
    const definition = fc.constantFrom(...commandDescriptions);
    const values = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(definition, fc.array(values, { minLength: 25, maxLength: 25 }), (command, texts) => {
        const given = Object.fromEntries(command.options.map(({ name }, index) => [name, texts[index] ?? '']));
        const { options, errors } = validateOptions(command, assignOptions(command, given), 'discord');
        const known = command.options.map(({ name }) => name);
        expect(Object.keys(options).every((name) => known.includes(name))).toBe(true);
        expect(errors.every((error) => known.includes(error.option))).toBe(true);
      }),
      { numRuns: amount(150, 2_000) },
    );
  });
});
