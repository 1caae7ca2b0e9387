import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import { dispatchEvents } from '../../../src/usecases/delivery/dispatch-events.ts';
import type { ScanRequest } from '../../../src/usecases/scanning/request-scan.ts';
import { runSchedules } from '../../../src/usecases/schedules/run-schedules.ts';
import { watchOverdue } from '../../../src/usecases/schedules/watch-overdue.ts';
import { openWorkshop, quiet, serviceDelta, type Workshop } from '../workshop.ts';

const HOUR = 3_600_000;
const NINE = Date.UTC(2026, 10, 30, 9);

let workshop: Workshop;
let requested: ScanRequest[];
let sent: { event: SinkEvent; place: string }[];
let drawn: string[];

beforeEach(async () => {
  workshop = await openWorkshop();
  [requested, sent, drawn] = [[], [], []];
  workshop.delivery.drawReport = async (report, format) => {
    drawn.push(`${format} of ${(await report).title}`);
    return Buffer.from(format);
  };
  workshop.delivery.sinks = new Map([
    [
      'file',
      {
        platform: 'file',
        send: async (event, place) => void sent.push({ event, place }),
        check: async () => [],
        close: async () => {},
      },
    ],
  ]);
});
afterEach(() => workshop.close());

const deps = () => ({
  ...{ ...workshop, log: quiet, wake: () => {} },
  requestScan: async (request: ScanRequest) => void requested.push(request),
});

async function weekly() {
  const group = await workshop.addGroup();
  const { now } = workshop.time;
  await workshop.store.groups.setRoute(group.id, { channel: 'file:all', minRisk: 'high' });
  const phrase = 'weekly mon 09:00';
  const schedule = await workshop.store.schedules.add({
    ...{ groupId: group.id, phrase, when: parseWhen(phrase, 'UTC', now), zone: 'UTC', status: 'active' },
    ...{ createdBy: 'console:local', createdAt: now, report: { format: 'png', periodMs: 7 * 24 * HOUR } },
  });
  return { group, schedule };
}

/** Runs the schedules at that time, and sends the result. */
async function lookAt(now: number, off = false): Promise<void> {
  workshop.time.now = now;
  await runSchedules(deps(), { off });
  await dispatchEvents(workshop);
  await workshop.deliver();
}

const reports = () => workshop.board.posted.filter(({ card }) => card.title === 'Report on lab');

describe('a scheduled report', () => {
  it('goes to the chat with its picture and to the sinks as an event, once, and starts no scan', async () => {
    const { group } = await weekly();
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.5', 80)]);
    await lookAt(NINE - 1);
    expect(reports()).toEqual([]);
    for (const later of [0, 300, HOUR]) await lookAt(NINE + later);
    expect(reports()).toHaveLength(1);
    expect(drawn).toEqual(['png of Report on lab']);
    const { attachment } = reports()[0]?.card ?? {};
    expect(attachment).toMatchObject({ name: 'Report_on_lab-2026-11-30.png', mimeType: 'image/png', when: 'always' });
    expect(String(attachment?.content)).toBe('png');
    const events = sent.filter(({ event }) => event.type === 'report');
    expect(events).toMatchObject([
      { place: 'all', event: { format: 'png', report: { groups: [{ name: 'lab', open: 1 }] } } },
    ]);
    expect(requested).toEqual([]);
  });

  it('on all groups goes to its one place, in the chat or at a sink, and nowhere else', async () => {
    const { createdAt, groupId, id, ...schedule } = (await weekly()).schedule;
    await workshop.store.schedules.remove(id);
    for (const to of ['console:main', 'file:all']) {
      const report = { format: 'csv', periodMs: 7 * 24 * HOUR, to } as const;
      await workshop.store.schedules.add({ ...schedule, createdAt, report });
    }
    for (const later of [0, HOUR]) await lookAt(NINE + later);
    expect(workshop.board.posted.map(({ card }) => card.title)).toEqual(['Report on all groups']);
    expect(sent).toMatchObject([
      {
        place: 'all',
        event: { type: 'report', group: { id: 0, name: 'all groups' }, report: { groups: [{ name: 'lab' }] } },
      },
    ]);
    expect(groupId).toBeDefined();
  });

  it('that was missed while NetDelta was off is sent once, when it is back', async () => {
    await weekly();
    await lookAt(NINE + 26 * HOUR, true);
    expect(reports()).toHaveLength(1);
    expect(workshop.board.posted).toHaveLength(1);
    await lookAt(NINE + 27 * HOUR);
    expect(reports()).toHaveLength(1);
    await lookAt(NINE + 7 * 24 * HOUR);
    expect(reports()).toHaveLength(2);
  });

  it('of a paused group is not sent, and does not count as a scan that is expected', async () => {
    const { group } = await weekly();
    await workshop.store.groups.setStatus(group.id, 'paused');
    await lookAt(NINE);
    expect(workshop.board.posted).toEqual([]);
    await workshop.store.groups.setStatus(group.id, 'active');
    const queue = { stats: async () => ({ sites: [] }) };
    workshop.time.now = NINE + 6 * 24 * HOUR;
    await watchOverdue({ ...deps(), queue })();
    await workshop.deliver();
    expect(workshop.board.posted).toEqual([]);
  });
});
