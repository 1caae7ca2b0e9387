import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JudgedDelta } from '../../../src/core/model/delta.ts';
import { DELTA_KINDS, type DeltaKind, KINDS } from '../../../src/core/model/delta-kinds.ts';
import { DEFAULT_POLICY } from '../../../src/core/model/policy.ts';
import { addMute } from '../../../src/usecases/holds/add-mute.ts';
import { EVIDENCE } from '../../core/judge/kinds.ts';
import { judgeAll } from '../../core/judge/scans.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const BY = { by: 'console:local', byName: 'ann' } as const;
const HOUR = 3_600_000;

/** As the judge confirms it. */
function deltaOf(kind: DeltaKind): JudgedDelta {
  const evidence = EVIDENCE[kind];
  if ('given' in evidence) return evidence.given;
  const { judgements } = judgeAll([...evidence.before, ...evidence.confirming], evidence.policy);
  const delta = judgements.at(-1)?.deltas.find((one) => one.kind === kind && one.state === 'confirmed');
  if (delta === undefined) throw new Error(`the evidence for ${kind} does not confirm it`);
  return delta;
}

const stored = async () => (await workshop.store.deltas.list({}, { limit: 10, offset: 0 })).items;

describe.each(DELTA_KINDS)('%s', (kind) => {
  const delta = deltaOf(kind);

  it('waits as a candidate, is denied, and is announced when it is confirmed', async () => {
    const group = await workshop.addGroup();
    await workshop.judged(group, [{ ...delta, state: 'candidate' }]);
    expect(await stored()).toMatchObject([{ kind, state: 'candidate' }]);
    await workshop.judged(group, [{ ...delta, state: 'refuted' }]);
    await workshop.deliver();
    expect(await stored()).toMatchObject([{ kind, state: 'refuted' }]);
    expect(workshop.board.posted).toEqual([]);
    await workshop.judged(group, [delta]);
    await workshop.deliver();
    expect(workshop.board.posted[0]?.card.title).toContain(group.name);
  });

  it('is only recorded while it is muted, or left out by its group', async () => {
    const mute = { what: kind, match: { kind }, forMs: HOUR, ...BY, now: workshop.time.now };
    const { id } = await addMute(workshop.store, mute);
    await workshop.judged(await workshop.addGroup(), [delta]);
    const policy = { ...DEFAULT_POLICY, silentKinds: [kind] };
    await workshop.store.holds.endMute(id, workshop.time.now);
    await workshop.judged(await workshop.addGroup({ name: 'other', policy }), [delta]);
    await workshop.deliver();
    expect((await stored()).map(({ state, heldBack }) => `${state}: ${heldBack}`).sort()).toEqual([
      `suppressed: alert-on leaves out ${kind}`,
      `suppressed: mute ${id}`,
    ]);
    expect(workshop.board.posted).toEqual([]);
  });

  it('is answered as expected if its row says that it can be announced', async () => {
    const group = await workshop.addGroup();
    const { address, protocol = 'tcp', port } = delta;
    const dark = kind === 'host-dark' ? { ports: 'any' as const } : {};
    const what = { hosts: address, ...(port === undefined ? dark : { ports: { protocol, first: port, last: port } }) };
    await workshop.store.holds.addExpectation({
      ...{ groupId: group.id, what, lasts: 'once', until: workshop.time.now + HOUR, status: 'waiting' },
      ...{ createdBy: BY.by, byName: BY.byName, createdAt: workshop.time.now },
    });
    await workshop.judged(group, [delta]);
    const answer = KINDS[kind].expectable ? 'expected' : 'open';
    expect((await stored()).map(({ acknowledgement }) => acknowledgement.type)).toEqual([answer]);
  });

  it('is reported in one thread with the kind that undoes it', async () => {
    const { undoneBy } = KINDS[kind];
    if (undoneBy === undefined) return;
    const group = await workshop.addGroup();
    await workshop.judged(group, [delta]);
    const { before, after, ...subject } = delta;
    const sides = { ...(after && { before: after }), ...(before && { after: before }) };
    await workshop.judged(group, [{ ...subject, kind: undoneBy, ...sides }]);
    const [item, ...others] = await stored();
    expect(others).toEqual([]);
    expect(item).toMatchObject({ alertId: 1, repeats: 1, now: { kind: undoneBy } });
    expect(item?.resolvedAt).toBe(item?.now?.at);
  });
});
