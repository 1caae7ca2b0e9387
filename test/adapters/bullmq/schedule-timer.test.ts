import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScheduleTimer, type ScheduleTimerOptions } from '../../../adapters/bullmq/schedule-timer.ts';
import type { TimedSchedule } from '../../../src/ports/queue.ts';
import { until } from '../redis/lab.ts';
import { FAST, type Lab, openLab } from './lab.ts';

let lab: Lab;
let due: { id: number; dueAt: number }[];
beforeEach(async () => {
  lab = await openLab();
  due = [];
});
afterEach(() => lab.close());

const DAY = 24 * 3600_000;

/** Elapsed time only: what cron says is core's to know, and tested there. */
const next: ScheduleTimerOptions['next'] = (trigger, after) =>
  'everyMs' in trigger
    ? trigger.anchor + (Math.floor((after - trigger.anchor) / trigger.everyMs) + 1) * trigger.everyMs
    : after + DAY;

function timer(more: Partial<ScheduleTimerOptions> = {}) {
  const onDue = async (id: number, dueAt: number) => void due.push({ id, dueAt });
  return lab.kept(
    createScheduleTimer({ connection: lab.connection, next, onDue, log: lab.log, timing: FAST, ...more }),
  );
}

function closedGate(): { promise: Promise<void>; open: () => void } {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

const every = (id: number, everyMs: number, anchor = 7): TimedSchedule => ({ id, trigger: { everyMs, anchor } });
const dues = (id: number) => due.filter((item) => item.id === id).map(({ dueAt }) => dueAt);

test('schedules are due at the times that were computed, one after the other, each once', async () => {
  await timer().sync([every(1, 100), every(2, 150)]);
  await until('both are due some times', () => dues(1).length >= 4 && dues(2).length >= 3);
  for (const [id, ms] of [
    [1, 100],
    [2, 150],
  ] as const) {
    expect(dues(id).every((dueAt) => (dueAt - 7) % ms === 0)).toBe(true);
    expect(new Set(dues(id)).size).toBe(dues(id).length);
  }
});

test('what cron means in a zone is asked for each time', async () => {
  const asked: unknown[] = [];
  const soon = timer({
    next: (trigger, after) => {
      asked.push(trigger);
      return after + 50;
    },
  });
  await soon.sync([{ id: 1, trigger: { cron: '30 2 * * *', zone: 'Australia/Lord_Howe' } }]);
  await until('it is due twice', () => dues(1).length >= 2);
  expect(asked.every((trigger) => JSON.stringify(trigger) === JSON.stringify(asked[0]))).toBe(true);
  expect(asked[0]).toEqual({ cron: '30 2 * * *', zone: 'Australia/Lord_Howe' });
});

test('a schedule that is removed is not due any more, and a new one is', async () => {
  const schedules = timer();
  await schedules.sync([every(1, 60)]);
  await until('it is due', () => dues(1).length > 0);
  await schedules.sync([every(2, 60)]);
  const last = dues(1).length;
  await until('the new one is due', () => dues(2).length >= 3);
  expect(dues(1).length - last).toBeLessThanOrEqual(1);
  expect(await lab.client.zrange('netdelta:schedule:repeat', '0', '-1')).toEqual(['schedule-2']);
});

test('a sync while a run is due and waits for its turn does not lose it', async () => {
  const at = Date.now() + 150;
  const all = [1, 2, 3, 4, 5, 6].map((id) => every(id, DAY));
  const { promise: gate, open } = closedGate();
  const schedules = timer({
    next: (_trigger, after) => (after < at ? at : at + DAY),
    onDue: async (id, dueAt) => {
      due.push({ id, dueAt });
      await gate;
    },
  });
  await schedules.sync(all);
  await until('four are due, and two wait', () => due.length === 4);
  await schedules.sync(all);
  open();
  await until('all have been due', () => due.length === 6);
  expect(due.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(due.every(({ dueAt }) => dueAt === at)).toBe(true);
});

test('an edited schedule follows its new time only', async () => {
  const schedules = timer();
  await schedules.sync([every(1, DAY)]);
  await schedules.sync([every(1, 50)]);
  await until('it is due', () => dues(1).length >= 2);
  expect(dues(1).every((dueAt) => (dueAt - 7) % 50 === 0)).toBe(true);
});

test('a run that was missed while the bot was off is left to the catch-up', async () => {
  const first = createScheduleTimer({
    connection: lab.connection,
    next: (_trigger, after) => after + 300,
    onDue: async () => undefined,
    log: lab.log,
  });
  await first.sync([every(1, 300)]);
  await first.close();
  const missed = Number(await lab.client.zscore('netdelta:schedule:repeat', 'schedule-1'));
  await until('its time is over', () => Date.now() > missed);
  await timer().sync([every(1, 300), every(2, 50)]);
  await until('others are due', () => dues(2).length >= 2 && dues(1).length >= 1);
  expect(dues(1)).not.toContain(missed);
});

test('a run whose scan cannot be requested is tried again with the same due time', async () => {
  const tried: number[] = [];
  const failing = timer({
    next: (_trigger, after) => (tried.length > 0 ? after + DAY : after + 20),
    onDue: async (_id, dueAt) => {
      tried.push(dueAt);
      throw new Error('SQLITE_BUSY');
    },
  });
  await failing.sync([every(1, 20)]);
  await until('it is put back', async () => {
    const waiting = await lab.client.zrange('netdelta:schedule:delayed', '0', '-1');
    return waiting.includes(`repeat:schedule-1:${tried[0]}`);
  });
  expect(tried).toHaveLength(1);
});

test('one schedule without a next time does not hold up the others', async () => {
  const schedules = timer({
    next: (trigger, after) => {
      if ('cron' in trigger) throw new Error('no such day');
      return next(trigger, after);
    },
  });
  await schedules.sync([{ id: 1, trigger: { cron: '0 0 30 2 *', zone: 'UTC' } }, every(2, 50)]);
  await until('the other is due', () => dues(2).length > 0);
  expect(lab.messages).toContain('a schedule has no next time');
});

test('schedules go on after Redis was killed', async () => {
  await timer().sync([every(1, 50)]);
  await until('it is due', () => dues(1).length > 0);
  process.kill(await lab.pid(), 'SIGKILL');
  const before = dues(1).length;
  await until('it is due again', () => dues(1).length > before + 2);
});
