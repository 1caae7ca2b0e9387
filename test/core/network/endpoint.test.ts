import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGroupName } from '../../../src/core/model/group-name.ts';
import { formatEndpoint, parseEndpoint, parseWhere } from '../../../src/core/network/endpoint.ts';

describe('an endpoint', () => {
  it.each([
    ['10.0.0.5:443', '10.0.0.5:443/tcp'],
    ['10.0.0.5:53/UDP', '10.0.0.5:53/udp'],
    ['[2001:DB8::1]:22', '[2001:db8::1]:22/tcp'],
    ['10.0.0.5:36412/sctp', '10.0.0.5:36412/sctp'],
  ])('%s is %s', (text, canonical) => {
    expect(formatEndpoint(parseEndpoint(text))).toBe(canonical);
  });

  it.each([
    '10.0.0.5',
    '10.0.0.5:0',
    '10.0.0.5:65536',
    '10.0.0.5:x',
    'host:22',
    '2001:db8::1',
    '',
    ':22',
    '10.0.0.5:22/icmp',
  ])('is not %s', (text) => {
    expect(() => parseEndpoint(text)).toThrow(/address with a port|has no port/);
  });

  it('without its port is an address', () => {
    expect(parseWhere('2001:db8::1')).toEqual({ address: '2001:db8::1' });
    expect(parseWhere('[2001:db8::1]')).toEqual({ address: '2001:db8::1' });
    expect(parseWhere('host-down')).toBeUndefined();
  });

  it('comes back from its text as it was', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(
        address,
        fc.integer({ min: 1, max: 65_535 }),
        fc.constantFrom('tcp' as const, 'udp' as const),
        (ip, port, protocol) => {
          const known = parseWhere(ip);
          fc.pre(known !== undefined);
          const endpoint = { address: known.address, port, protocol };
          expect(parseEndpoint(formatEndpoint(endpoint))).toEqual(endpoint);
        },
      ),
    );
  });
});

describe('the name of a group', () => {
  it('has one spelling', () => {
    expect(checkGroupName(' u\u0308ber.lan_1-2 ')).toBe('\u00fcber.lan_1-2');
  });

  it('has at most 64 characters, of letters, digits and three marks', () => {
    expect(checkGroupName('x'.repeat(64))).toHaveLength(64);
    for (const name of ['x'.repeat(65), '', ' ', '-x', '.x', 'a b', 'a/b', '<b>', '*x*', '@here', 'a\u202eb', 'a:b']) {
      expect(() => checkGroupName(name)).toThrow();
    }
  });
});
