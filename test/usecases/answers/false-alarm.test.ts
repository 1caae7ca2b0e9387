import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HostState } from '../../../src/core/model/state.ts';
import { undoAnswers } from '../../../src/usecases/answers/answer-deltas.ts';
import { markFalseAlarms } from '../../../src/usecases/answers/mark-false-alarms.ts';
import { forgetFalseAlarm, recordFalseAlarm } from '../../../src/usecases/answers/record-false-alarm.ts';
import { openWorkshop, saying, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const host: HostState = {
  ...{ address: '10.0.0.5', code: 'services-removed', present: true, firstSeen: 1, hostnames: [], memory: { t: 1 } },
  services: [{ protocol: 'tcp', port: 80, present: false, since: 1, until: 5, memory: { h: 4 } }],
};

it('a false alarm teaches the belief, and taking the answer back leaves no trace of that', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const deltas = [serviceDelta('service-removed', '10.0.0.5', 80)];
  await workshop.judge(scan.id, () => ({ ...saying(deltas), hosts: [host] }));
  const deps = {
    ...{ store, wake: () => {} },
    falseAlarm: (id: number) => recordFalseAlarm(store, id, time.now),
    falseAlarmUndone: (id: number, now: number) => forgetFalseAlarm(store, id, now),
  };
  const told = async () => (await store.deltas.list({}, { limit: 10, offset: 0 })).items;
  const before = await store.states.load(group.id);
  await markFalseAlarms(deps, await told(), { type: 'false-alarm', by: 'console:local', byName: 'ann', at: time.now });
  const [taught] = (await store.states.load(group.id)).hosts.values();
  expect(taught?.services).toMatchObject([{ present: true, memory: { n: 3 } }]);
  await undoAnswers(deps, await told(), { by: 'console:local', byName: 'ann', at: time.now });
  expect({ ...(await store.states.load(group.id)), version: before.version }).toEqual(before);
  expect(await store.settings.get('false-alarm:1')).toBeUndefined();
});

it('an answer that is no false alarm any more teaches nothing', async () => {
  const { store, time } = workshop;
  const group = await workshop.addGroup();
  const scan = await workshop.addScan(group);
  const deltas = [serviceDelta('service-removed', '10.0.0.5', 80)];
  await workshop.judge(scan.id, () => ({ ...saying(deltas), hosts: [host] }));
  const before = await store.states.load(group.id);
  await recordFalseAlarm(store, 1, time.now);
  expect({ ...(await store.states.load(group.id)), version: before.version }).toEqual(before);
});
