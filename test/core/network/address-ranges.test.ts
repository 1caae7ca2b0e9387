import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countAddresses,
  fromAddressRanges,
  type IpRange,
  type IpRanges,
  ipRange,
  rangesContain,
  toAddressRanges,
  toCidrs,
} from '../../../src/core/network/address-ranges.ts';
import {
  canonicalAddress,
  compareAddresses,
  formatAddress,
  isGlobalAddress,
  parseAddress,
  subnetOf,
} from '../../../src/core/network/addresses.ts';
import { intersectRanges, mergeRanges, subtractRanges } from '../../../src/core/network/range-set.ts';
import { parseTargets, targetRanges } from '../../../src/core/network/targets.ts';
import { eachAddress } from './each-address.ts';

const BASES = { 4: 0x0a000000n, 6: 0xfd00n << 112n } as const;
const range = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([family, start, length]): IpRange => {
    const first = BASES[family] + BigInt(start);
    return ipRange({ family, value: first }, { family, value: first + BigInt(length) });
  });
const rangeList = fc.array(range, { maxLength: 8 });
const asSet = (ranges: readonly IpRange[]) => new Set(ranges.flatMap((one) => [...eachAddress([one])]));
const sorted = (addresses: Iterable<string>) => [...addresses].sort(compareAddresses);

function expectNormal(set: IpRanges): void {
  for (const [index, one] of set.entries()) {
    expect(one[0] <= one[1]).toBe(true);
    const next = set[index + 1];
    if (next !== undefined) expect(one[1] + 1n < next[0]).toBe(true);
  }
}

test('merging keeps exactly the addresses, sorted and each once', () => {
  fc.assert(
    fc.property(rangeList, (ranges) => {
      const merged = mergeRanges(ranges);
      expectNormal(merged);
      expect([...eachAddress(merged)]).toEqual(sorted(asSet(ranges)));
      expect(countAddresses(merged)).toBe(BigInt(asSet(ranges).size));
    }),
  );
});

test('subtracting and intersecting agree with sets of single addresses', () => {
  fc.assert(
    fc.property(rangeList, rangeList, (left, right) => {
      const a = mergeRanges(left);
      const b = mergeRanges(right);
      const inB = asSet(right);
      const without = subtractRanges(a, b);
      const both = intersectRanges(a, b);
      expectNormal(without);
      expectNormal(both);
      expect([...eachAddress(without)]).toEqual([...eachAddress(a)].filter((one) => !inB.has(one)));
      expect([...eachAddress(both)]).toEqual([...eachAddress(a)].filter((one) => inB.has(one)));
    }),
  );
});

test('a set contains what it iterates and nothing else', () => {
  fc.assert(
    fc.property(rangeList, range, (ranges, probe) => {
      const all = asSet(ranges);
      for (const address of eachAddress([probe])) {
        expect(rangesContain(mergeRanges(ranges), address)).toBe(all.has(address));
      }
    }),
  );
});

test('CIDRs cover exactly the set', () => {
  fc.assert(
    fc.property(rangeList, (ranges) => {
      const merged = mergeRanges(ranges);
      const cidrs = toCidrs(merged);
      expect(cidrs.length === 0 ? [] : targetRanges(parseTargets(cidrs.join(' ')))).toEqual(merged);
    }),
  );
});

test('the stored form of ranges reads back the same', () => {
  fc.assert(
    fc.property(rangeList, (ranges) => {
      const merged = mergeRanges(ranges);
      expect(fromAddressRanges(toAddressRanges(merged))).toEqual(merged);
    }),
  );
  expect(() => fromAddressRanges([['10.0.0.2', '10.0.0.1']])).toThrow(RangeError);
  expect(() => fromAddressRanges([['10.0.0.2', '::1']])).toThrow(RangeError);
  expect(() => fromAddressRanges([['x', 'y']])).toThrow(RangeError);
});

test('a /8, a /64 and all of IPv6 are counted without expanding them', () => {
  const count = (text: string) => countAddresses(targetRanges(parseTargets(text)));
  expect(count('10.0.0.0/8')).toBe(16_777_216n);
  expect(count('2001:db8::/64')).toBe(2n ** 64n);
  expect(count('::/0')).toBe(2n ** 128n);
  expect(count('0.0.0.0/0')).toBe(2n ** 32n);
});

test('a /64 without one address is two ranges and few CIDRs', () => {
  const set = subtractRanges(targetRanges(parseTargets('fd00::/64')), targetRanges(parseTargets('fd00::1')));
  expect(countAddresses(set)).toBe(2n ** 64n - 1n);
  expect(toCidrs(set)).toHaveLength(64);
  expect(toCidrs(set).slice(0, 2)).toEqual(['fd00::', 'fd00::2/127']);
});

test('addresses read back as written, in their canonical form', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (value) => {
      fc.pre(value >> 32n !== 0xffffn);
      expect(parseAddress(formatAddress({ family: 6, value }))).toEqual({ family: 6, value });
    }),
  );
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      expect(canonicalAddress(text)).toBe(text);
    }),
  );
});

test.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['255.255.255.255', '255.255.255.255'],
])('%s is %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});

test.each([
  '010.0.0.1',
  '10.1',
  '0x7f.1',
  '256.0.0.1',
  '1.2.3.4.5',
  'fe80::1%eth0',
  '1::2::3',
  '',
  'localhost',
  '1.2.3.4 ',
])('“%s” is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('addresses sort by number, IPv4 first, other text last', () => {
  const shuffled = ['10.0.0.10', 'zebra', '::1', '10.0.0.9', '2001:db8::1', '9.255.255.255', 'apple'];
  expect(sorted(shuffled)).toEqual(['9.255.255.255', '10.0.0.9', '10.0.0.10', '::1', '2001:db8::1', 'apple', 'zebra']);
});

test('a subnet is the /24 or the /64 of an address', () => {
  expect(subnetOf('10.1.2.3')).toBe('10.1.2.0/24');
  expect(subnetOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(subnetOf('host.example')).toBe('host.example');
});

test('only what the public internet routes is global, however it is written', () => {
  const inside = ['10.0.0.1', '127.0.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '192.0.0.1'];
  const mapped = ['::ffff:10.0.0.1', '::ffff:7f00:1', '::ffff:0:7f00:1', '::7f00:1', '::127.0.0.1'];
  const translated = ['64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1', '2002:7f00:1::', '2001::1'];
  const local = ['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'fd00:ec2::254', 'ff02::1', '100::1', '4000::1'];
  for (const address of [...inside, ...mapped, ...translated, ...local, 'localhost', '127.1', '0x7f.1', '']) {
    expect(isGlobalAddress(address), address).toBe(false);
  }
  for (const address of ['8.8.8.8', '8.8.8.0/24', '2606:4700::1111', '2a00::/16', '::ffff:8.8.8.8']) {
    expect(isGlobalAddress(address), address).toBe(true);
  }
});
