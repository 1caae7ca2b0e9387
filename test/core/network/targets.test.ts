import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { countAddresses, toCidrs } from '../../../src/core/network/address-ranges.ts';
import {
  allowedRanges,
  checkAllowed,
  checkSize,
  DEFAULT_ALLOWED,
  parseTargets,
  refusal,
  targetRanges,
} from '../../../src/core/network/targets.ts';

const texts = (text: string) => parseTargets(text).map((target) => target.text);
const cidrs = (text: string) => toCidrs(targetRanges(parseTargets(text)));

function errorOf(run: () => unknown): UserError {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('targets are separated by commas, blanks and line breaks, each is kept once in order', () => {
  expect(texts(' 10.0.0.1,10.0.1.0/24\n\thost.example  10.0.0.1,, ')).toEqual([
    '10.0.0.1',
    '10.0.1.0/24',
    'host.example',
  ]);
});

test.each([
  ['10.0.0.5/24', '10.0.0.0/24'],
  ['10.0.0.5/32', '10.0.0.5'],
  ['2001:DB8::5/64', '2001:db8::/64'],
  ['::1/128', '::1'],
  ['10.0.0.1-50', '10.0.0.1-50'],
  ['10.0.0.1-10.0.0.50', '10.0.0.1-50'],
  ['10.0.0.1-10.0.1.20', '10.0.0.1-10.0.1.20'],
  ['10.0.0.7-7', '10.0.0.7'],
  ['10.0.0-3.1-50', '10.0.0-3.1-50'],
  ['10.0.0.*', '10.0.0.0-255'],
  ['2001:db8::1-2001:db8::FF', '2001:db8::1-2001:db8::ff'],
  ['2001:db8::1-ff', '2001:db8::1-2001:db8::ff'],
  ['Web-01.Example.ORG.', 'web-01.example.org'],
  ['localhost', 'localhost'],
  ['10-0-0-1.example', '10-0-0-1.example'],
  ['xn--zrich-kva.example', 'xn--zrich-kva.example'],
])('%s is written %s', (typed, canonical) => {
  expect(texts(typed)).toEqual([canonical]);
  expect(texts(canonical)).toEqual([canonical]);
});

test('ranges hold exactly the addresses they name', () => {
  expect(cidrs('10.0.0.0-255')).toEqual(['10.0.0.0/24']);
  expect(cidrs('10.0.0-1.1-2')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.1.1', '10.0.1.2']);
  expect(cidrs('10.0.0-1.*')).toEqual(['10.0.0.0/23']);
  expect(cidrs('10.0.0.254-10.0.1.1')).toEqual(['10.0.0.254/31', '10.0.1.0/31']);
  expect(countAddresses(targetRanges(parseTargets('2001:db8::1-ffff')))).toBe(65_535n);
});

test('overlapping targets are merged and names add no addresses', () => {
  expect(cidrs('10.0.0.0/25 10.0.0.64-10.0.0.255 10.0.0.9 host.example')).toEqual(['10.0.0.0/24']);
});

test.each([
  ['10.0.0.0/33', '10.0.0.0/33'],
  ['::/129', '::/129'],
  ['10.0.0.0/', '10.0.0.0/'],
  ['10.0.0.0/24/8', '10.0.0.0/24/8'],
  ['::ffff:10.0.0.0/120', '::ffff:10.0.0.0/120'],
  ['host.example/24', 'host.example/24'],
  ['10.0.0.1 10.0.0.5-3', '10.0.0.5-3'],
  ['10.0.3-1.1', '10.0.3-1.1'],
  ['10.0.0.1-300', '10.0.0.1-300'],
  ['10.0.0.1-2001:db8::1', '10.0.0.1-2001:db8::1'],
  ['10.0.0.300', '10.0.0.300'],
  ['010.0.0.1', '010.0.0.1'],
  ['1.2.3', '1.2.3'],
  ['host.123', 'host.123'],
  ['--script=evil', '--script=evil'],
  ['-sV', '-sV'],
  ['10.0.0.1 ;rm -rf', ';rm'],
  ['$(id)', '$(id)'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['1::2::3', '1::2::3'],
  ['a_b.example', 'a_b.example'],
  ['-a.example', '-a.example'],
  ['a-.example', 'a-.example'],
  ['a..example', 'a..example'],
  [`${'a'.repeat(64)}.example`, undefined],
  ['host\u0000.example', 'host.example'],
  ['zürich.example', 'zürich.example'],
  ['0-255.0-255.0-255.1', '0-255.0-255.0-255.1'],
])('%s is refused, naming the word', (typed, word) => {
  const error = errorOf(() => parseTargets(typed));
  expect(error.hint).toBeTruthy();
  if (word !== undefined) expect(error.word).toBe(word);
});

test('a prefix that is too long says what is expected', () => {
  expect(errorOf(() => parseTargets('10.0.0.0/33'))).toMatchObject({
    message: '“10.0.0.0/33” has no valid prefix length.',
    hint: 'For IPv4 it is 0 to 32, for example 10.0.0.0/24.',
  });
});

test('a range that ends before it begins is shown the right way round', () => {
  expect(errorOf(() => parseTargets('10.0.0.5-3')).hint).toContain('10.0.0.3-5');
});

test.each(['', '  , \n'])('no target at all is an error', (typed) => {
  expect(errorOf(() => parseTargets(typed)).message).toBe('No target was given.');
});

test('a megabyte of text is refused as too long, whatever it contains', () => {
  expect(errorOf(() => parseTargets('x'.repeat(1_000_000))).message).toContain('1,000,000 characters');
  expect(errorOf(() => parseTargets('1,'.repeat(5000))).message).toContain('5,000 targets are too many');
  expect(errorOf(() => parseTargets('x'.repeat(10_000))).word?.length).toBeLessThanOrEqual(60);
});

test('a group may hold a /8 and not one address more', () => {
  expect(() => checkSize(targetRanges(parseTargets('10.0.0.0/8')))).not.toThrow();
  expect(errorOf(() => checkSize(targetRanges(parseTargets('10.0.0.0/8 11.0.0.0')))).message).toContain('16,777,217');
  expect(errorOf(() => checkSize(targetRanges(parseTargets('fd00::/64')))).message).toContain(
    '18,446,744,073,709,551,616',
  );
});

test('private, loopback and link-local networks are allowed by default, others are not', () => {
  const allowed = allowedRanges(DEFAULT_ALLOWED);
  const refused = (text: string) => checkAllowed(targetRanges(parseTargets(text)), allowed).refused;
  expect(refused('10.1.2.0/24 172.31.0.1 192.168.0.0/16 127.0.0.1 ::1 fd12::/64 fe80::1')).toEqual([]);
  expect(refused('8.8.8.8 10.0.0.1')).toEqual(['8.8.8.8']);
  expect(refused('172.15.255.254-172.16.0.1')).toEqual(['172.15.255.254/31']);
  expect(refused('2001:db8::/126 ::2')).toEqual(['::2', '2001:db8::/126']);
  expect(refused('::ffff:8.8.8.8')).toEqual(['8.8.8.8']);
});

test('a refusal shows the exact line that would allow the target, and that line works', () => {
  const error = refusal('8.8.8.0/24', ['10.0.0.0/8', '::1']);
  expect(error.message).toContain('8.8.8.0/24');
  expect(error.hint).toContain('NETDELTA_ALLOWED_TARGETS=10.0.0.0/8,::1,8.8.8.0/24');
  const line = /NETDELTA_ALLOWED_TARGETS=(\S+)/.exec(error.hint ?? '')?.[1] ?? '';
  expect(checkAllowed(targetRanges(parseTargets('8.8.8.0/24')), allowedRanges(line.split(','))).refused).toEqual([]);
});

test('a refused name is allowed by its addresses', () => {
  const error = refusal('dns.example', ['10.0.0.0/8'], ['8.8.8.8', '2001:db8::8']);
  expect(error.message).toContain('it resolves to 8.8.8.8, 2001:db8::8');
  expect(error.hint).toContain('NETDELTA_ALLOWED_TARGETS=10.0.0.0/8,8.8.8.8,2001:db8::8');
});

test('nothing is allowed when nothing is configured', () => {
  expect(checkAllowed(targetRanges(parseTargets('10.0.0.1')), allowedRanges([])).refused).toEqual(['10.0.0.1']);
});
