import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HostState } from '../../../src/core/model/state.ts';
import { answerDeltas, markFalseAlarms, undoAnswers } from '../../../src/usecases/answers/answer-deltas.ts';
import { settleFalseAlarm, unsettledAnswers } from '../../../src/usecases/answers/settle-false-alarm.ts';
import { openWorkshop, saying, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const host: HostState = {
  ...{
    address: '10.0.0.5',
    code: 'services-removed',
    present: true,
    firstSeen: 1,
    hostnames: [],
    memory: { since: 1 },
  },
  services: [{ protocol: 'tcp', port: 80, present: false, since: 1, until: 5, memory: { earlierScans: 4 } }],
};

it('a false alarm teaches the belief, and undoing the answer leaves no trace of that', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const deltas = [serviceDelta('service-removed', '10.0.0.5', 80)];
  await workshop.judge(scan.id, () => ({ ...saying(deltas), hosts: [host] }));
  const deps = {
    ...{ store, wake: () => {} },
    settleFalseAlarm: (id: number, now: number) => settleFalseAlarm(store, id, now),
  };
  const told = async () => (await store.deltas.list({}, { limit: 10, offset: 0 })).items;
  const before = await store.states.load(group.id);
  await markFalseAlarms(deps, await told(), { type: 'false-alarm', by: 'console:local', byName: 'ann', at: time.now });
  const [taught] = (await store.states.load(group.id)).hosts.values();
  expect(taught?.services).toMatchObject([{ present: true, memory: { refuted: 3 } }]);
  await undoAnswers(deps, await told(), { by: 'console:local', byName: 'ann', at: time.now });
  expect({ ...(await store.states.load(group.id)), version: before.version }).toEqual(before);
  expect(await store.settings.get('false-alarm:1')).toBeUndefined();
});

it('an answer that is no longer a false alarm teaches nothing', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const deltas = [serviceDelta('service-removed', '10.0.0.5', 80)];
  await workshop.judge(scan.id, () => ({ ...saying(deltas), hosts: [host] }));
  const before = await store.states.load(group.id);
  await settleFalseAlarm(store, 1, time.now);
  expect({ ...(await store.states.load(group.id)), version: before.version }).toEqual(before);
});

it('an answer whose lesson was interrupted is settled later, once, and shown in every message from the start', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const deltas = [serviceDelta('service-removed', '10.0.0.5', 80)];
  await workshop.judge(scan.id, () => ({ ...saying(deltas), hosts: [host] }));
  const by = { by: 'console:local', byName: 'ann', at: time.now } as const;
  const all = async () => (await store.deltas.list({}, { limit: 10, offset: 0 })).items;
  const wanted = async () =>
    (await store.messages.bySubject({ type: 'alert', alert: 1 })).map((message) => message.wanted);
  const before = await wanted();
  // As if the process had ended here.
  await answerDeltas({ store, wake: () => {} }, await all(), { type: 'false-alarm', ...by });
  expect(await wanted()).toEqual(before.map((revision) => revision + 1));
  expect(await unsettledAnswers(store)).toEqual([1]);
  for (let start = 0; start < 2; start++) {
    for (const id of await unsettledAnswers(store)) await settleFalseAlarm(store, id, time.now);
    const [taught] = (await store.states.load(group.id)).hosts.values();
    expect(taught?.services).toMatchObject([{ present: true, memory: { refuted: 3 } }]);
    expect(await unsettledAnswers(store)).toEqual([]);
  }
  await store.deltas.undo([1], by);
  expect(await unsettledAnswers(store)).toEqual([1]);
  await settleFalseAlarm(store, 1, time.now);
  const [again] = (await store.states.load(group.id)).hosts.values();
  expect(again?.services).toMatchObject([{ present: false }]);
  await answerDeltas({ store, wake: () => {} }, await all(), { type: 'false-alarm', ...by });
  await store.deltas.undo([1], by);
  await settleFalseAlarm(store, 1, time.now);
  expect([...(await store.states.load(group.id)).hosts.values()]).toEqual([again]);
  expect(await unsettledAnswers(store)).toEqual([]);
});
