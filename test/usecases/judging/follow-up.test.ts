import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Group } from '../../../src/core/model/group.ts';
import type { Doubt } from '../../../src/core/model/judgement.ts';
import { type FollowUp, followUpOverdue, owedFollowUp } from '../../../src/usecases/judging/follow-up.ts';
import { openWorkshop, saying, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const doubts: Doubt[] = [{ address: '10.0.0.5', protocol: 'tcp', port: 80 }];
const left: FollowUp = { doubts, notes: ['Half of the hosts were silent.'], passes: [], unseen: 2 };
const alone = async (_: number, work: () => Promise<void>) => work();

it('a bot that is stopped right after committing a judgement plans the confirmation once it is back', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  await workshop.judge(scan.id, () => saying([]));
  // The state of the database when the process ends before the confirmation is planned.
  const owed = owedFollowUp(scan, left);
  await store.settings.set(owed.key, owed.value);
  const asked: unknown[] = [];
  const deps = {
    ...workshop,
    confirm: async (of: { id: number }, _: Group, about: readonly Doubt[]) => void asked.push([of.id, about]),
    baseline: async (_: unknown, __: Group, { unseen }: FollowUp) => void asked.push(unseen),
  };
  await followUpOverdue(deps, alone);
  expect(asked, 'the bot that judged it may be about to').toEqual([]);
  time.now += 61_000;
  await followUpOverdue(deps, alone);
  await followUpOverdue(deps, alone);
  expect(asked).toEqual([[scan.id, doubts], 2]);
  expect((await store.scans.byId(scan.id))?.notes).toContain('Half of the hosts were silent.');
});

it('the follow-up commits with the judgement, and is deleted once it is done', async () => {
  const { store } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const commit = store.deltas.commit;
  let stored: readonly string[] = [];
  store.deltas.commit = async (judged) => {
    const result = await commit(judged);
    stored = [...(await store.settings.under('follow-up:')).keys()];
    return result;
  };
  await workshop.judge(scan.id, () => ({ ...saying([]), doubts }));
  expect(stored).toEqual([`follow-up:${scan.id}`]);
  expect(workshop.confirmed).toMatchObject([{ doubts }]);
  expect((await store.settings.under('follow-up:')).size).toBe(0);
});
