import { describe, expect, it } from 'vitest';
import { LONG_MS, turnOf } from '../../../src/core/model/turn.ts';
import { answered, delta, HOUR, NOW } from '../../gallery/samples.ts';

describe('a further change of a reported delta', () => {
  it('that undoes it resolves it, and a recurrence opens the same line again', () => {
    expect(turnOf(delta(), 'service-removed', NOW + HOUR)).toEqual({
      now: { kind: 'service-removed', at: NOW + HOUR },
      resolvedAt: NOW + HOUR,
      separate: false,
    });
    const gone = delta({ now: { kind: 'service-removed', at: NOW }, resolvedAt: NOW });
    expect(turnOf(gone, 'service-added', NOW + HOUR)).toEqual({
      now: { kind: 'service-added', at: NOW + HOUR },
      separate: false,
    });
  });

  it('is separate when what appeared is gone after long, and when it comes back after long', () => {
    expect(turnOf(delta(), 'service-removed', NOW + LONG_MS + 1)).toMatchObject({
      separate: true,
      resolvedAt: NOW + LONG_MS + 1,
    });
    expect(turnOf(delta({ resolvedAt: NOW }), 'service-added', NOW + LONG_MS + 1)).toBeUndefined();
  });

  it('resolves a loss at any time, answered or not', () => {
    for (const acknowledgement of [{ type: 'open' } as const, answered('acknowledged'), answered('expected')]) {
      const down = delta({ kind: 'host-down', acknowledgement });
      expect(turnOf(down, 'host-recovered', NOW + 2 * LONG_MS)).toMatchObject({ separate: false });
    }
  });

  it('that happens again after an answer is not part of it', () => {
    const over = delta({ acknowledgement: answered('acknowledged'), resolvedAt: NOW });
    expect(turnOf(over, 'service-added', NOW + HOUR)).toBeUndefined();
    expect(turnOf(delta({ acknowledgement: answered('expected') }), 'service-removed', NOW + HOUR)).toBeUndefined();
    expect(turnOf(delta({ acknowledgement: answered('false-alarm') }), 'service-removed', NOW)).toBeUndefined();
  });

  it('of a kind without an opposite is separate each time', () => {
    expect(turnOf(delta({ kind: 'service-changed' }), 'service-changed', NOW)).toBeUndefined();
  });
});
