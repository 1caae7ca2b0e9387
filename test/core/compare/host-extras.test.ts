import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packExtras, unpackExtras } from '../../../src/core/compare/host-extras.ts';
import type { ExtraPorts, PortObservation, PortState } from '../../../src/core/model/observation.ts';
import { portSet } from '../../../src/core/network/port-sets.ts';

const STATES: readonly PortState[] = ['open', 'closed', 'filtered', 'open|filtered'];

describe('packed extra ports', () => {
  it('are the same when unpacked, and the longest list is left out when it is the remainder', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 300 }), (states) => {
        const numbers = (state: number): number[] =>
          states.flatMap((one, index) => (one === state ? [index * 2 + 1] : []));
        const set = (ports: number[]) => portSet({ tcp: ports.map((port) => [port, port] as const) }).tcp ?? [];
        const listed = numbers(0).map(
          (port): PortObservation => ({ protocol: 'tcp', port, state: 'open', reason: 'syn-ack' }),
        );
        const extra = STATES.map(
          (state, index): ExtraPorts => ({ state, reason: 'r', protocol: 'tcp', ports: set(numbers(index + 1)) }),
        );
        const there = extra.filter((one) => one.ports.length > 0);
        // State 5 was not covered.
        const covered = { tcp: set(states.flatMap((state, index) => (state === 5 ? [] : [index * 2 + 1]))) };
        const packed = packExtras(there, listed, covered);
        expect(unpackExtras(packed, listed, covered)).toEqual(there);
        expect(packed.filter((one) => one.ports === undefined)).toHaveLength(Math.min(1, there.length));
      }),
    );
  });

  it('that are not the remainder are kept as they are', () => {
    const extra: ExtraPorts[] = [
      {
        state: 'closed',
        reason: 'reset',
        protocol: 'udp',
        ports: [
          [1, 5],
          [9, 9],
        ],
      },
    ];
    for (const covered of [{}, { udp: [[1, 10]] as const }, { tcp: [[1, 5]] as const }]) {
      const packed = packExtras(extra, [], covered);
      expect(packed[0]?.ports).toBe('udp:1-5,9');
      expect(unpackExtras(packed, [], covered)).toEqual(extra);
    }
  });
});
