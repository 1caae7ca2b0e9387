import { describe, expect, it } from 'vitest';
import { correctFalseAlarm } from '../../../src/core/judge/false-alarm.ts';
import { overwrittenBy, undoFalseAlarm } from '../../../src/core/judge/undo-false-alarm.ts';
import { countByKind, DELTA_KINDS, type DeltaKind, KINDS } from '../../../src/core/model/delta-kinds.ts';
import type { Belief, Judgement } from '../../../src/core/model/judgement.ts';
import { A, EVIDENCE, type KindEvidence } from './kinds.ts';
import { judgeAll, linesOf, told } from './scans.ts';

const FROM_SCANS = DELTA_KINDS.flatMap((kind) => {
  const evidence = EVIDENCE[kind];
  return 'given' in evidence ? [] : [{ kind, evidence }];
});

const deltasOf = (kind: DeltaKind, judgement: Judgement | undefined) =>
  (judgement?.deltas ?? []).filter((delta) => delta.kind === kind);

/** The judgement of the scan that confirms it, and the belief then. */
function confirmed({ before, confirming, policy }: KindEvidence) {
  const { belief, judgements } = judgeAll([...before, ...confirming], policy);
  return { belief, last: judgements.at(-1), earlier: judgements.slice(0, -1) };
}

const changed = (belief: Belief, { hosts, group }: Pick<Judgement, 'hosts' | 'group'>): Belief => ({
  group,
  hosts: new Map([...belief.hosts, ...hosts.map((state) => [state.address, state] as const)]),
});

describe.each(FROM_SCANS)('$kind', ({ kind, evidence }) => {
  it('is confirmed by its evidence, once', () => {
    const { last, earlier } = confirmed(evidence);
    expect(told(last).filter((line) => line.startsWith(`${kind} `))).toHaveLength(1);
    expect(earlier.slice(evidence.before.length).flatMap((judgement) => told(judgement))).toEqual([]);
  });

  it('is a candidate only if its row says what it waits for, and is refuted by that', () => {
    const { before, candidate, refuting } = evidence;
    expect(candidate !== undefined && refuting !== undefined).toBe(KINDS[kind].waitsFor !== 'nothing');
    if (candidate === undefined || refuting === undefined) return;
    const { judgements } = judgeAll([...before, candidate, refuting]);
    expect(linesOf(judgements.at(-2), 'candidate').filter((line) => line.startsWith(kind))).toHaveLength(1);
    expect(linesOf(judgements.at(-1), 'refuted').filter((line) => line.startsWith(kind))).toHaveLength(1);
    expect(told(judgements.at(-1))).toEqual([]);
  });

  it('gives a host that answers the status code of its row', () => {
    const { belief } = confirmed(evidence);
    const { effect } = KINDS[kind];
    const codes = { added: 'services-added', removed: 'services-removed', changed: 'services-changed' } as const;
    const code = belief.hosts.get(A)?.code;
    if (effect === 'none') expect(Object.values(codes)).not.toContain(code);
    else expect(code).toBe(codes[effect]);
  });

  it('teaches the judge what its row says when it is a false alarm, and undoing that unlearns it', () => {
    const { belief, last } = confirmed(evidence);
    const [delta] = deltasOf(kind, last);
    if (delta === undefined) throw new Error(`no ${kind}`);
    const before = overwrittenBy(belief, delta);
    const corrected = changed(belief, correctFalseAlarm(belief, delta));
    if (KINDS[kind].lesson === 'nothing') expect(corrected).toEqual(belief);
    else expect(corrected).not.toEqual(belief);
    expect(changed(corrected, undoFalseAlarm(corrected, delta, before))).toEqual(belief);
  });
});

describe('the table of kinds', () => {
  it('pairs kinds that undo each other within one family', () => {
    const pairs = DELTA_KINDS.map((kind) => ({ kind, undoneBy: KINDS[kind].undoneBy ?? kind }));
    expect(pairs.filter(({ kind, undoneBy }) => KINDS[kind].family !== KINDS[undoneBy].family)).toEqual([]);
  });

  it('counts in its own order and leaves out kinds without deltas', () => {
    expect(countByKind([{ kind: 'outage' }, { kind: 'host-down' }, { kind: 'outage' }])).toEqual([
      { kind: 'host-down', count: 1 },
      { kind: 'outage', count: 2 },
    ]);
  });
});
