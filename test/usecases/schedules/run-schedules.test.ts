import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { nextRuns } from '../../../src/core/time/runs.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import type { ScanRequest } from '../../../src/usecases/scanning/request-scan.ts';
import { runSchedules } from '../../../src/usecases/schedules/run-schedules.ts';
import { amount } from '../../thorough.ts';
import { openWorkshop, quiet, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let requested: ScanRequest[];
let refuse: string | undefined;
beforeEach(async () => {
  workshop = await openWorkshop();
  requested = [];
  refuse = undefined;
});
afterEach(() => workshop.close());

const HOUR = 3_600_000;
const deps = () => ({
  ...workshop,
  log: quiet,
  wake: () => {},
  requestScan: async (request: ScanRequest) => {
    if (refuse !== undefined) throw new UserError(refuse);
    requested.push(request);
  },
});

async function daily(at = '02:00') {
  const group = await workshop.addGroup();
  const createdAt = workshop.time.now;
  const when = parseWhen(`daily ${at}`, 'UTC', createdAt);
  const schedule = await workshop.store.schedules.add({
    ...{
      groupId: group.id,
      phrase: `daily ${at}`,
      when,
      zone: 'UTC',
      status: 'active',
      createdBy: 'console:local',
      createdAt,
    },
  });
  return { group, schedule };
}

const told = async () => {
  await workshop.deliver();
  return workshop.board.posted.map((one) => one.card.title);
};

/** Runs the schedules at that time. */
async function lookAt(now: number, off = false): Promise<number | undefined> {
  workshop.time.now = now;
  return runSchedules(deps(), { off });
}

const TWO = Date.UTC(2026, 10, 25, 2);
const MINUTE = 60_000;

describe('a schedule', () => {
  it('that is due starts one scan, however often it is checked, and returns when it is due next', async () => {
    const { schedule } = await daily();
    expect(await lookAt(TWO - 1)).toBe(TWO);
    expect(requested).toEqual([]);
    expect(await lookAt(TWO + 300)).toBe(TWO + 24 * HOUR);
    await lookAt(TWO + 400);
    expect(requested.map((request) => request.origin)).toEqual([
      { type: 'schedule', schedule: schedule.id, dueAt: TWO },
    ]);
    expect(await told()).toEqual([]);
  });

  it('whose scan was requested just before a crash is not run again', async () => {
    const { group, schedule } = await daily();
    await workshop.store.scans.add({
      ...(await newScan(group.id)),
      origin: { type: 'schedule', schedule: schedule.id, dueAt: TWO },
    });
    await lookAt(TWO + 10);
    expect(requested).toEqual([]);
  });

  it('runs again when the clock, once far ahead, is right again', async () => {
    await daily();
    await lookAt(TWO + 20 * 365 * 24 * HOUR);
    const before = requested.length;
    await lookAt(TWO - HOUR);
    await lookAt(TWO + 10);
    await lookAt(TWO + 20);
    expect(requested).toHaveLength(before + 1);
  });

  it('that was added while the clock was ahead runs at its pace once it is right', async () => {
    const group = await workshop.addGroup();
    const anchor = TWO + 2 * HOUR;
    await workshop.store.schedules.add({
      ...{ groupId: group.id, when: { type: 'every', ms: MINUTE, anchor }, phrase: 'every minute', zone: 'UTC' },
      status: 'active',
      ...{ createdBy: 'console:local', createdAt: anchor },
    });
    for (const minute of [0, 1, 2, 3]) await lookAt(TWO + minute * MINUTE + 10);
    expect(requested).toHaveLength(3);
  });

  it('does not run twice when the clock is set back by a little over its time', async () => {
    await daily();
    await lookAt(TWO + 10);
    await lookAt(TWO - 5 * MINUTE);
    await lookAt(TWO + 20);
    expect(requested).toHaveLength(1);
  });

  it('of a paused group, or paused itself, or removed, does nothing', async () => {
    const { group, schedule } = await daily();
    await workshop.store.groups.setStatus(group.id, 'paused');
    await lookAt(TWO);
    await workshop.store.groups.setStatus(group.id, 'active');
    await workshop.store.schedules.edit(schedule.id, { status: 'paused' });
    await lookAt(TWO + 24 * HOUR);
    await workshop.store.schedules.remove(schedule.id);
    expect(await lookAt(TWO + 48 * HOUR)).toBeUndefined();
    expect(requested).toEqual([]);
  });

  it('that fails holds up no other, and is retried', async () => {
    await daily();
    const other = await workshop.addGroup({ name: 'other' });
    const { id, ...first } = (await workshop.store.schedules.list())[0] ?? never();
    await workshop.store.schedules.add({ ...first, groupId: other.id });
    let broken = true;
    const failing = {
      ...deps(),
      requestScan: async (request: ScanRequest) => {
        if (broken && request.group.name === 'lab') throw new Error('database: disk full');
        requested.push(request);
      },
    };
    workshop.time.now = TWO;
    await runSchedules(failing, { off: false });
    expect(requested.map(({ group }) => group.name)).toEqual(['other']);
    broken = false;
    await runSchedules(failing, { off: false });
    expect(requested.map(({ group }) => group.name)).toEqual(['other', 'lab']);
  });

  it('whose scan can not start says so in the group’s channel', async () => {
    await daily();
    refuse = 'No address was found for www.example.';
    await lookAt(TWO);
    expect(await told()).toEqual(['lab: the scheduled scan could not start']);
  });

  it('that repeatedly can not start for one reason says so once, until it has started', async () => {
    await daily();
    let day = 0;
    const run = () => lookAt(TWO + 24 * HOUR * day++);
    refuse = 'No address was found for www.example.';
    await run();
    await run();
    expect(await told()).toHaveLength(1);
    refuse = undefined;
    await run();
    refuse = 'No address was found for www.example.';
    await run();
    expect(await told()).toHaveLength(2);
  });

  it('missed by less than an hour is made up once, and reported', async () => {
    await daily();
    await lookAt(TWO + 40 * MINUTE, true);
    await lookAt(TWO + 41 * MINUTE, true);
    expect(requested).toHaveLength(1);
    expect(requested[0]?.origin).toMatchObject({ type: 'schedule', late: true });
    expect(await told()).toEqual(['lab: a scan was missed']);
  });

  it('delayed while NetDelta ran is not reported as missed while it was off', async () => {
    await daily();
    await lookAt(TWO + 40 * MINUTE);
    await workshop.deliver();
    const text = JSON.stringify(workshop.board.posted.map(({ card }) => card));
    expect(text).toContain('was held up');
    expect(text).not.toContain('was off');
  });

  it('missed by more is reported, not run', async () => {
    await daily();
    await lookAt(TWO + 7 * HOUR, true);
    await lookAt(TWO + 7 * HOUR + 1, true);
    expect(requested).toEqual([]);
    expect(await told()).toEqual(['lab: a scan was missed']);
  });

  it('that was not due meanwhile is left alone', async () => {
    await daily();
    await lookAt(workshop.time.now + HOUR, true);
    expect(requested).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it('runs once each for days across both changes of the clock, with restarts in the middle', async () => {
    const days = amount(4, 7);
    for (const from of [Date.UTC(2027, 2, 26, 12), Date.UTC(2027, 9, 29, 12)]) {
      workshop.time.now = from;
      requested = [];
      const group = await workshop.addGroup({ name: `days-${from}` });
      const add = (phrase: string) =>
        workshop.store.schedules.add({
          ...{ groupId: group.id, phrase, when: parseWhen(phrase, 'Europe/Zurich', from), zone: 'Europe/Zurich' },
          ...{ status: 'active' as const, createdBy: 'console:local', createdAt: from },
        });
      const schedules = [await add('daily 02:30'), await add('every 6h'), await add('15 * * * *')];
      const end = from + days * 24 * HOUR;
      const looks = { every: 4_700, restartEvery: 7 * HOUR };
      let restart = from + looks.restartEvery;
      for (let now = from; now <= end; ) {
        const next = await lookAt(now);
        const soon = Math.min(next ?? end + 1, end + 1);
        now = Math.max(now + 1, soon + (soon % looks.every));
        // Off for a minute, in which nothing is checked.
        if (now > restart && now < end) {
          restart += looks.restartEvery;
          await lookAt(now);
          now += MINUTE;
        }
      }
      await lookAt(end);
      for (const { id, when } of schedules) {
        const due = requested.flatMap(({ origin }) =>
          origin.type === 'schedule' && origin.schedule === id ? [origin.dueAt] : [],
        );
        expect(due).toEqual(nextRuns(when, from, 2_000).filter((at) => at <= end));
      }
      for (const { id } of schedules) await workshop.store.schedules.remove(id);
    }
  });
});

async function newScan(groupId: number) {
  const settings = {
    profile: 'quick',
    ports: '22',
    tcp: true,
    udp: false,
    versionDetection: false,
    timing: 4 as const,
  };
  return {
    ...{ groupId, kind: 'scan' as const, site: 'local', chunks: [], hostsTotal: 0, queuedAt: TWO, notes: [] },
    settings: { ...settings, resolveNames: false, skipDiscovery: false },
  };
}

function never(): never {
  throw new Error('there is a schedule');
}
