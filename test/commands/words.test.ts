import { describe, expect, it } from 'vitest';
import { splitWords } from '../../src/commands/input/words.ts';
import { UserError } from '../../src/core/errors.ts';

const texts = (line: string) => splitWords(line).map((word) => word.text);
const pairs = (line: string) => splitWords(line).map((word) => word.pair);

function refusal(line: string): UserError {
  try {
    splitWords(line);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('words of a line', () => {
  it('are divided by blanks of every kind', () => {
    expect(texts('  group   add\tlab\u00a010.0.0.1\r\n10.0.0.2 ')).toEqual([
      'group',
      'add',
      'lab',
      '10.0.0.1',
      '10.0.0.2',
    ]);
    expect(texts('')).toEqual([]);
  });

  it('hold blanks within quotes, straight or smart', () => {
    expect(texts('a "b c" “d e” „f g“')).toEqual(['a', 'b c', 'd e', 'f g']);
    expect(texts('note:"a \\"b\\" \\\\ c"')).toEqual(['note:a "b" \\ c']);
  });

  it('are key and value when a colon follows letters', () => {
    expect(pairs('ports:22,80 Note:"new printer" down-after:3')).toEqual([
      { key: 'ports', value: '22,80' },
      { key: 'note', value: 'new printer' },
      { key: 'down-after', value: '3' },
    ]);
  });

  it('keep a quote in the middle of a word', () => {
    expect(texts('5" it\'s "x"y')).toEqual(['5"', "it's", 'xy']);
  });

  it('are no pair when quoted, and neither are addresses, links and ids', () => {
    for (const line of [
      '"note:x"',
      '2001:db8::1',
      'dead:beef::/32',
      'fe80::1-fe80::ff',
      '::1',
      'slack:U0123',
      'http://x.example/',
      '02:00',
      '10.0.0.5:22/tcp',
      '[2001:db8::1]:22',
    ]) {
      expect(pairs(line)).toEqual([undefined]);
    }
  });

  it('have the meaning of Slack’s and Discord’s tokens', () => {
    expect(texts('<#C0123|ops> <@U0456|al ice> <!subteam^S0789|@ops>')).toEqual([
      'slack:C0123',
      'slack:U0456',
      'slack:S0789',
    ]);
    expect(texts('<#80351110224678912> <@!80351110224678913> <@&80351110224678914>')).toEqual([
      'discord:80351110224678912',
      'discord:80351110224678913',
      'discord:80351110224678914',
    ]);
    expect(texts('<http://10.0.0.1|10.0.0.1> <http://gw.example> <mailto:a@b.example|a@b.example>')).toEqual([
      '10.0.0.1',
      'http://gw.example',
      'a@b.example',
    ]);
    expect(pairs('channel:<#C0123|ops> notify:<@U0456>/high')).toEqual([
      { key: 'channel', value: 'slack:C0123' },
      { key: 'notify', value: 'slack:U0456/high' },
    ]);
  });
});

describe('an invalid line', () => {
  it('has an open quote, which is named', () => {
    expect(refusal('delta ack 4 note:"never closed').message).toBe('The quote before “never closed” is never closed.');
  });

  it('is a megabyte of text, refused at once', () => {
    const error = refusal('x'.repeat(1024 * 1024));
    expect(error.message).toBe('That is too long: 1,048,576 characters.');
  });

  it('contains a control character, with its place', () => {
    expect(refusal('group\u0007 list').message).toBe('Character 6 is a control character (U+0007).');
    expect(refusal('\u001b[31mgroup').message).toContain('U+001B');
  });

  it('is text that was not valid UTF-8', () => {
    expect(refusal(Buffer.from([0x67, 0xff, 0xfe]).toString('utf8')).message).toContain('not valid UTF-8');
    expect(refusal('lone \ud800 surrogate').message).toContain('not valid UTF-8');
  });
});
