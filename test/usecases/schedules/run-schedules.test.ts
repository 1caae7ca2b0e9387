import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import type { ScanRequest } from '../../../src/usecases/scanning/request-scan.ts';
import { catchUp, nextDue, runDue } from '../../../src/usecases/schedules/run-schedules.ts';
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

describe('a schedule', () => {
  it('that is due starts one scan, told twice or not', async () => {
    const { schedule } = await daily();
    await runDue(deps(), schedule.id, workshop.time.now + HOUR);
    await runDue(deps(), schedule.id, workshop.time.now + HOUR);
    expect(requested.map((request) => request.origin)).toEqual([{ type: 'schedule', schedule: schedule.id }]);
  });

  it('runs again when the clock, once far ahead, is right again', async () => {
    const { schedule } = await daily();
    const right = workshop.time.now;
    workshop.time.now = right + 20 * 365 * 24 * HOUR;
    await runDue(deps(), schedule.id, workshop.time.now);
    workshop.time.now = right + HOUR;
    await runDue(deps(), schedule.id, workshop.time.now);
    await runDue(deps(), schedule.id, workshop.time.now);
    expect(requested).toHaveLength(2);
  });

  it('of a paused group, or paused itself, or removed, does nothing', async () => {
    const { group, schedule } = await daily();
    await workshop.store.groups.setStatus(group.id, 'paused');
    await runDue(deps(), schedule.id, workshop.time.now + HOUR);
    await workshop.store.groups.setStatus(group.id, 'active');
    await workshop.store.schedules.edit(schedule.id, { status: 'paused' });
    await runDue(deps(), schedule.id, workshop.time.now + 2 * HOUR);
    await workshop.store.schedules.remove(schedule.id);
    await runDue(deps(), schedule.id, workshop.time.now + 3 * HOUR);
    expect(requested).toEqual([]);
  });

  it('whose scan can not start says so in the group’s channel', async () => {
    const { schedule } = await daily();
    refuse = 'No address was found for www.example.';
    await runDue(deps(), schedule.id, workshop.time.now + HOUR);
    expect(await told()).toEqual(['lab: the scheduled scan could not start']);
  });

  it('that can not start again and again for one reason says so once, until it has started', async () => {
    const { schedule } = await daily();
    const run = () => {
      workshop.time.now += HOUR;
      return runDue(deps(), schedule.id, workshop.time.now);
    };
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

  it('missed by less than an hour is made up once, and said', async () => {
    await daily();
    workshop.time.now = Date.UTC(2026, 10, 26, 2, 40);
    await catchUp(deps());
    await catchUp(deps());
    expect(requested).toHaveLength(1);
    expect(requested[0]?.origin).toMatchObject({ type: 'schedule', late: true });
    expect(await told()).toEqual(['lab: a scan was missed']);
  });

  it('missed by more is told, not run', async () => {
    await daily();
    workshop.time.now = Date.UTC(2026, 10, 26, 9);
    await catchUp(deps());
    await catchUp(deps());
    expect(requested).toEqual([]);
    expect(await told()).toEqual(['lab: a scan was missed']);
  });

  it('that was not due meanwhile is left alone', async () => {
    await daily();
    workshop.time.now += HOUR;
    await catchUp(deps());
    expect(requested).toEqual([]);
    expect(await told()).toEqual([]);
  });

  it('fires next when users were told that it would', () => {
    const spring = Date.UTC(2027, 2, 27, 12);
    expect(nextDue({ cron: '30 2 * * *', zone: 'Europe/Zurich' }, spring)).toBe(Date.UTC(2027, 2, 28, 1));
    expect(nextDue({ everyMs: 6 * HOUR, anchor: 0 }, 7 * HOUR)).toBe(12 * HOUR);
  });
});
