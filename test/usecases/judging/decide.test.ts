import { describe, expect, it } from 'vitest';
import type { Delta } from '../../../src/core/model/alert.ts';
import { deltaKey, type JudgedDelta } from '../../../src/core/model/delta.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { decide, type Facts } from '../../../src/usecases/judging/decide.ts';
import { hostDelta, serviceDelta } from '../workshop.ts';

const context = { groupId: 1, now: 1, policy: DEFAULT_POLICY, mutes: [], openWindows: [], expectations: [] };
const nothingKnown: Facts = {
  ...{ candidates: new Map(), stories: () => [], items: new Map(), reported: new Map() },
  toldIn: () => undefined,
};
const removed = serviceDelta('service-removed', '10.0.0.5', 80);
const added = serviceDelta('service-added', '10.0.0.5', 80);
const answered: Delta['acknowledgement'] = { type: 'acknowledged', by: 'console:local', byName: 'ann', at: 1 };

function stored(delta: JudgedDelta, change: Partial<Delta> = {}): Delta {
  const facts = { id: 7, groupId: 1, scanId: 1, at: 1, risk: 'low', repeats: 0 } as const;
  return { ...delta, ...facts, acknowledgement: { type: 'open' }, alertId: 3, ...change };
}

describe('a judged delta', () => {
  it('without an earlier report goes into the alert of its scan', () => {
    const [decision] = decide([added], nothingKnown, context);
    expect(decision).toMatchObject({ fate: { state: 'confirmed' }, place: { in: 'own-alert' } });
    expect(decision?.candidate).toBeUndefined();
  });

  it('that continues an open story goes into its thread', () => {
    const earlier = stored(removed);
    const [decision] = decide([added], { ...nothingKnown, stories: () => [earlier] }, context);
    const turn = { now: { kind: 'service-added', at: 1 }, resolvedAt: 1, separate: false };
    expect(decision?.place).toEqual({ in: 'open-thread', alert: 3, repeats: earlier, turn, hidden: false });
  });

  it('that happens again after it was answered and over opens an alert that links to the old one', () => {
    const earlier = stored(added, { acknowledgement: answered, resolvedAt: 1 });
    const [decision] = decide([added], { ...nothingKnown, stories: () => [earlier] }, context);
    expect(decision?.place).toEqual({ in: 'own-alert', previous: 3 });
  });

  it('that repeats an open one is only counted, new or once a candidate, where the group hides repeats', () => {
    const policy = { ...DEFAULT_POLICY, hideRepeats: true };
    const candidates = new Map([[deltaKey(removed), stored(removed, { id: 9, state: 'candidate' })]]);
    for (const known of [nothingKnown, { ...nothingKnown, candidates }]) {
      const [decision] = decide([removed], { ...known, stories: () => [stored(removed)] }, { ...context, policy });
      expect(decision).toMatchObject({
        fate: { state: 'suppressed', heldBack: 'repeats delta #7' },
        place: { in: 'open-thread', hidden: true },
      });
    }
  });

  it('that confirms or refutes a candidate changes it; one that refutes nothing is left out', () => {
    const candidate = stored(removed, { state: 'candidate' });
    const refuted = { ...removed, state: 'refuted' } as const;
    const candidates = new Map([[deltaKey(removed), candidate]]);
    expect(decide([refuted], { ...nothingKnown, candidates }, context)).toMatchObject([
      { candidate, fate: { state: 'refuted' } },
    ]);
    expect(decide([refuted], nothingKnown, context)).toEqual([]);
  });

  it('that was in doubt when the same was reported for other hosts joins their alert while it is open', () => {
    const candidate = stored(removed, { id: 9, state: 'candidate', scanId: 4 });
    const candidates = new Map([[deltaKey(removed), candidate]]);
    const other = stored(serviceDelta('service-removed', '10.0.0.6', 80), { scanId: 4 });
    const placeBeside = (beside: Delta) => {
      const facts = { ...nothingKnown, candidates, reported: new Map([[4, [beside]]]) };
      return decide([removed], facts, context)[0]?.place;
    };
    const place = { in: 'open-thread', alert: 3, repeats: other, turn: undefined, hidden: false };
    expect(placeBeside(other)).toEqual(place);
    const answeredOne: Delta = { ...other, acknowledgement: answered };
    const another = stored(serviceDelta('service-removed', '10.0.0.6', 22));
    for (const beside of [answeredOne, another]) expect(placeBeside(beside)).toMatchObject({ in: 'own-alert' });
  });

  it('that another group has announced is only recorded; candidates are not announced yet', () => {
    const facts = { ...nothingKnown, toldIn: () => ({ group: 'office', alert: 7 }) };
    const down = { ...hostDelta('host-down', '10.0.0.6'), state: 'candidate' } as const;
    expect(decide([added, down], facts, context)).toMatchObject([
      { fate: { state: 'suppressed', heldBack: 'reported in group office' } },
      { fate: { state: 'candidate' } },
    ]);
  });

  describe('while a mute is in force', () => {
    const mute = {
      what: 'lab',
      match: { groupId: 1 },
      from: 0,
      until: 9,
      createdBy: 'console:local',
      byName: 'ann',
    } as const;
    const muted = { ...context, mutes: [{ ...mute, id: 4 }] };
    const turn = { now: { kind: 'service-removed', at: 1 }, resolvedAt: 1, separate: false };

    it('ends what was reported before, in place and without a reply', () => {
      const open = stored(added);
      expect(decide([removed], { ...nothingKnown, stories: () => [open] }, muted)).toMatchObject([
        {
          fate: { state: 'suppressed', heldBack: 'mute 4' },
          place: { in: 'open-thread', repeats: open, turn, hidden: true },
        },
      ]);
    });

    it('reopens nothing: it is held back as a change of its own', () => {
      const over = stored(added, { resolvedAt: 1, now: { kind: 'service-removed', at: 1 } });
      const [decision] = decide([added], { ...nothingKnown, stories: () => [over] }, muted);
      expect(decision).toMatchObject({ fate: { state: 'suppressed', heldBack: 'mute 4' }, place: undefined });
    });
  });

  it('that undoes a held-back change is not announced, whatever mutes cover it', () => {
    const { alertId: _, ...held } = stored(removed, { state: 'suppressed', heldBack: 'mute 4' });
    expect(decide([added], { ...nothingKnown, stories: () => [held] }, context)).toMatchObject([
      {
        fate: { state: 'suppressed', heldBack: 'ends delta #7, which was held back' },
        place: { in: 'item', repeats: held },
      },
    ]);
  });

  it('that was expected reopens nothing that waits for an answer', () => {
    const over = stored(added, { resolvedAt: 1, now: { kind: 'service-removed', at: 1 } });
    const owner = { createdBy: 'console:local', byName: 'ann', createdAt: 0, status: 'waiting' } as const;
    const what = { hosts: '10.0.0.5', ports: { protocol: 'tcp', first: 80, last: 80 } } as const;
    const expectations = [{ id: 2, groupId: 1, what, lasts: 'once', until: 9, ...owner } as const];
    expect(decide([added], { ...nothingKnown, stories: () => [over] }, { ...context, expectations })).toMatchObject([
      { fate: { state: 'confirmed', expectation: { id: 2 } }, place: { in: 'own-alert', previous: 3 } },
    ]);
  });

  it('that ends an expected change is announced, and the expected change is over', () => {
    const planned = stored(added, { acknowledgement: { ...answered, type: 'expected' } });
    expect(decide([removed], { ...nothingKnown, stories: () => [planned] }, context)).toMatchObject([
      { fate: { state: 'confirmed' }, place: { in: 'own-alert', ends: { item: planned, turn: { resolvedAt: 1 } } } },
    ]);
  });

  it('that ends an opening joins the item of that opening, though the service changed meanwhile', () => {
    const changed = stored({ ...added, kind: 'service-changed' }, { id: 8 });
    const [decision] = decide([removed], { ...nothingKnown, stories: () => [changed, stored(added)] }, context);
    expect(decision?.place).toMatchObject({ in: 'open-thread', repeats: { id: 7 }, turn: { resolvedAt: 1 } });
  });
});
