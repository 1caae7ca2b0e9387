import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Protocol } from '../../../src/core/model/observation.ts';
import {
  countPorts,
  hasPort,
  intersectPorts,
  packPorts,
  portsOf,
  subtractPorts,
  unionPorts,
  unpackPorts,
} from '../../../src/core/network/port-sets.ts';

const list = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
const setOf = (ports: readonly number[]) => portsOf(ports.map((port) => ({ protocol: 'tcp' as Protocol, port })));
const ALL = Array.from({ length: 61 }, (_, port) => port);
const members = (set: ReturnType<typeof setOf>) => ALL.filter((port) => hasPort(set, 'tcp', port));

describe('a set of ports', () => {
  it('contains what was put into it, joined to ranges', () => {
    expect(setOf([3, 1, 2, 9, 9])).toEqual({
      tcp: [
        [1, 3],
        [9, 9],
      ],
    });
    expect(hasPort(setOf([3]), 'udp', 3)).toBe(false);
  });

  it('adds, subtracts and intersects as sets do', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const [left, right] = [setOf(a), setOf(b)];
        expect(members(unionPorts(left, right))).toEqual(ALL.filter((port) => a.includes(port) || b.includes(port)));
        expect(members(subtractPorts(left, right))).toEqual(
          ALL.filter((port) => a.includes(port) && !b.includes(port)),
        );
        expect(members(intersectPorts(left, right))).toEqual(
          ALL.filter((port) => a.includes(port) && b.includes(port)),
        );
        expect(unionPorts(left, right)).toEqual(setOf([...a, ...b]));
        expect(countPorts(left)).toBe(new Set(a).size);
      }),
    );
  });

  it('is packed as text and back', () => {
    expect(packPorts(setOf([1, 2, 3, 9]))).toEqual({ tcp: '1-3,9' });
    expect(packPorts({})).toBeUndefined();
    fc.assert(
      fc.property(list, (ports) => {
        expect(unpackPorts(packPorts(setOf(ports)))).toEqual(setOf(ports));
      }),
    );
  });
});
