import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countAddresses, familyOf, type IpRange, ipRange } from '../../../src/core/network/address-ranges.ts';
import { mergeRanges } from '../../../src/core/network/range-set.ts';
import { splitByWork } from '../../../src/core/network/split-by-work.ts';
import { parseTargets, targetRanges } from '../../../src/core/network/targets.ts';
import { eachAddress } from './each-address.ts';

const setOf = (text: string) => mergeRanges(targetRanges(parseTargets(text)));
const sizes = (parts: readonly (readonly IpRange[])[]) => parts.map((part) => Number(countAddresses(part)));
const costs = { unknown: 10, up: 1000 };
const limits = { work: 20_000, addresses: 256, fewest: 4, parts: 1000 };

const BASES = { 4: 0x0a000000n, 6: 0xfd00n << 112n } as const;
const range = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 200 }))
  .map(([family, start, length]): IpRange => {
    const first = BASES[family] + BigInt(start);
    return ipRange({ family, value: first }, { family, value: first + BigInt(length) });
  });

describe('a set split by work', () => {
  it('has every address once, in order, each part of one family, and no more parts than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 2, max: 7 }),
        fc.integer({ min: 2, max: 40 }),
        (ranges, every, parts) => {
          const set = mergeRanges(ranges);
          const all = [...eachAddress(set)];
          const up = all.filter((_, index) => index % every === 0).reverse();
          const split = splitByWork(set, up, costs, { ...limits, parts });
          expect(split.flatMap((part) => [...eachAddress(part)])).toEqual(all);
          expect(split.length).toBeLessThanOrEqual(parts);
          for (const part of split) {
            expect(new Set(part.map(familyOf)).size).toBe(1);
            expect(mergeRanges(part)).toEqual(part);
          }
        },
      ),
    );
  });

  it('has small parts where hosts are known to be up, and large ones elsewhere', () => {
    const up = Array.from({ length: 64 }, (_, index) => `10.0.0.${index}`);
    const split = splitByWork(setOf('10.0.0.0/22'), up, costs, limits);
    expect(sizes(split)).toEqual([20, 20, 20, 209, 256, 256, 243]);
  });

  it('gives a part with much work per address no fewer addresses than nmap scans in parallel', () => {
    expect(sizes(splitByWork(setOf('10.0.0.0/28'), [], { unknown: 65_535, up: 65_535 }, limits))).toEqual([4, 4, 4, 4]);
  });

  it('of a sparse /8 is as many parts as allowed, whatever is up in it', () => {
    const up = Array.from({ length: 500 }, (_, index) => `10.${index % 250}.3.${index & 255}`);
    const split = splitByWork(setOf('10.0.0.0/8'), up, costs, limits);
    expect(split.length).toBeGreaterThan(900);
    expect(split.length).toBeLessThanOrEqual(limits.parts);
    expect(Math.max(...sizes(split))).toBeLessThan(20_000);
  });

  it('of a thousand single addresses, or of addresses of IPv6, is a few parts', () => {
    const singles = Array.from({ length: 1000 }, (_, index) => `10.${index >> 3}.${(index & 7) * 2}.7`).join(',');
    expect(sizes(splitByWork(setOf(singles), [], costs, limits))).toEqual([256, 256, 256, 232]);
    const six = Array.from({ length: 300 }, (_, index) => `fd00::${(index * 2 + 1).toString(16)}`).join(',');
    expect(sizes(splitByWork(setOf(six), [], costs, limits))).toEqual([256, 44]);
  });
});
