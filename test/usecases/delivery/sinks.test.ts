import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SinkEvent } from '../../../src/core/model/event.ts';
import type { Route } from '../../../src/core/model/route.ts';
import { DeliveryError } from '../../../src/ports/chat.ts';
import { dispatchEvents } from '../../../src/usecases/delivery/dispatch-events.ts';
import { sendDigests } from '../../../src/usecases/delivery/send-digests.ts';
import { endHolds } from '../../../src/usecases/holds/end-holds.ts';
import { openWorkshop, saying, serviceDelta, type Workshop } from '../workshop.ts';

let workshop: Workshop;
let sent: { event: SinkEvent; place: string }[];
let fail: (() => void) | undefined;

beforeEach(async () => {
  workshop = await openWorkshop();
  sent = [];
  fail = undefined;
  workshop.delivery.sinks = new Map([
    [
      'file',
      {
        platform: 'file',
        async send(event, place) {
          fail?.();
          sent.push({ event, place });
        },
        check: async () => [],
        close: async () => {},
      },
    ],
  ]);
});
afterEach(() => workshop.close());

async function groupWith(...routes: Route[]) {
  const group = await workshop.addGroup();
  for (const route of routes) await workshop.store.groups.setRoute(group.id, route);
  return group;
}

async function deliver(): Promise<void> {
  await dispatchEvents(workshop);
  await workshop.deliver();
}

const told = () => sent.map(({ event, place }) => `${place} ${event.type}`);
const web = serviceDelta('service-added', '10.0.0.5', 80);
const telnet = serviceDelta('service-added', '10.0.0.6', 23);

describe('a sink', () => {
  it('is sent an alert with its deltas, then the end of the scan', async () => {
    const group = await groupWith({ channel: 'file:all' });
    const scan = await workshop.judged(group, [web, telnet]);
    await deliver();
    expect(told()).toEqual(['all alert-opened', 'all scan-done']);
    expect(sent[0]?.event).toMatchObject({
      version: 1,
      group: { id: group.id, name: 'lab' },
      scan: { id: scan.id, number: 1 },
      deltas: [
        { address: '10.0.0.5', port: 80, acknowledgement: { type: 'open' } },
        { address: '10.0.0.6', port: 23 },
      ],
    });
  });

  it('that takes only high risks is sent the telnet server and not the web server, and no successful scan', async () => {
    const group = await groupWith({ channel: 'file:high', minRisk: 'high' });
    await workshop.judged(group, [web, telnet]);
    await workshop.judged(group, [serviceDelta('service-added', '10.0.0.7', 80)]);
    await deliver();
    expect(told()).toEqual(['high alert-opened']);
    expect(sent[0]?.event).toMatchObject({ deltas: [{ port: 23 }] });
  });

  it('that is away delays no chat, catches up in order, and gets each event once with the same id', async () => {
    const group = await groupWith({ channel: 'file:all' });
    const ids: string[] = [];
    fail = () => {
      throw new DeliveryError('away', { retryable: true, uncertain: true });
    };
    await workshop.judged(group, [web]);
    await deliver();
    expect(workshop.board.posted.length).toBeGreaterThan(0);
    await workshop.judged(group, [telnet]);
    for (let minute = 0; minute < 60; minute++) {
      workshop.time.now += 60_000;
      await deliver();
    }
    expect(sent).toEqual([]);
    expect(workshop.undeliverable).toEqual([]);
    fail = undefined;
    workshop.time.now += 60_000;
    await deliver();
    ids.push(...sent.map(({ event }) => event.id));
    expect(told()).toEqual(['all alert-opened', 'all scan-done', 'all alert-opened', 'all scan-done']);
    expect(new Set(ids).size).toBe(4);
    await deliver();
    expect(sent).toHaveLength(4);
  });

  it('is sent an answer as an event of its own, and the alert as it was', async () => {
    const group = await groupWith({ channel: 'file:all' });
    const scan = await workshop.judged(group, [web]);
    const alertId = (await workshop.store.deltas.alertOfScan(scan.id))?.id ?? 0;
    const { items } = await workshop.store.deltas.list({ alertId }, { limit: 9, offset: 0 });
    const answer = {
      type: 'acknowledged',
      by: 'slack:U1',
      byName: 'ann',
      at: workshop.time.now,
      note: 'ours',
    } as const;
    await workshop.store.deltas.acknowledge([items[0]?.id ?? 0], answer);
    await deliver();
    expect(told()).toEqual(['all alert-opened', 'all scan-done', 'all delta-answered']);
    expect(sent[0]?.event).toMatchObject({ deltas: [{ acknowledgement: { type: 'open' } }] });
    expect(sent[2]?.event).toMatchObject({ answer, alert: { id: alertId }, deltas: [{ acknowledgement: answer }] });
  });

  it('is sent what a mute held back and what still holds when the mute ends, once, as in an alert', async () => {
    const { store, time } = workshop;
    const group = await groupWith({ channel: 'file:all' }, { channel: 'file:high', minRisk: 'high' });
    const until = time.now + 3_600_000;
    const owner = { createdBy: 'console:local', byName: 'ann' };
    await store.holds.addMute({ what: 'lab', match: { groupId: group.id }, from: time.now, until, ...owner });
    const scan = await workshop.addScan(group);
    const ports = [web, telnet].map(({ address, port = 0 }) => ({ address, port }));
    const hosts = ports.map(({ address, port }) => ({
      ...{ address, code: 'new' as const, present: true, firstSeen: 1, hostnames: [], memory: {} },
      services: [{ protocol: 'tcp' as const, port, present: true, since: 1, memory: {} }],
    }));
    await workshop.judge(scan.id, () => ({ ...saying([web, telnet]), hosts }));
    await deliver();
    expect(told()).toEqual(['all scan-done']);
    time.now = until;
    for (const _twice of [1, 2]) await endHolds({ ...workshop, wake: () => {} });
    await deliver();
    // Two places are served in parallel.
    expect(told().sort()).toEqual(['all delta-released', 'all scan-done', 'high delta-released']);
    const released = (place: string) => sent[told().indexOf(`${place} delta-released`)]?.event;
    const reason = 'mute 1 (lab) has ended';
    expect(released('all')).toMatchObject({
      reason,
      at: until,
      deltas: [{ port: 80 }, { port: 23, state: 'confirmed' }],
    });
    expect(released('high')).toMatchObject({ reason, deltas: [{ port: 23 }] });
  });

  it('that was added later is not sent what happened before', async () => {
    const group = await groupWith();
    await workshop.judged(group, [web]);
    await deliver();
    await workshop.store.groups.setRoute(group.id, { channel: 'file:late' });
    await deliver();
    expect(told()).toEqual([]);
  });

  it('of a group that is removed meanwhile gets nothing more', async () => {
    const group = await groupWith({ channel: 'file:all' });
    await workshop.judged(group, [web]);
    await dispatchEvents(workshop);
    await workshop.store.groups.remove(group.id);
    await deliver();
    expect(told()).toEqual([]);
  });

  it('with a digest is sent nothing at once, and all of it together at its time, once', async () => {
    const { now } = workshop.time;
    const digest = {
      ...{ phrase: 'daily 13:00', zone: 'UTC', through: 0, sentAt: now },
      when: { type: 'cron' as const, expression: '0 13 * * *', zone: 'UTC' },
    };
    const group = await groupWith({ channel: 'file:daily', digest }, { channel: 'console:daily', digest });
    await workshop.judged(group, [web]);
    await workshop.judged(group, [telnet]);
    const deps = { ...workshop, instance: 'test', wake: () => {} };
    await sendDigests(deps);
    await deliver();
    expect(sent).toEqual([]);
    workshop.time.now = now + 3_600_000;
    await sendDigests(deps);
    await sendDigests(deps);
    await deliver();
    expect(told()).toEqual(['daily digest']);
    expect(sent[0]?.event).toMatchObject({ events: [{ deltas: [{ port: 80 }] }, { deltas: [{ port: 23 }] }] });
    const cards = workshop.board.posted.filter((one) => one.ref.channel === 'console:daily');
    expect(cards.map((one) => one.card.title)).toEqual(['lab: digest, 2 events']);
    workshop.time.now += 24 * 3_600_000;
    await sendDigests(deps);
    await deliver();
    expect(sent).toHaveLength(1);
  });

  it('that is away for too long loses the oldest events, and is sent their number', async () => {
    const group = await groupWith({ channel: 'file:all' });
    for (let scan = 0; scan < 5; scan++) await workshop.judged(group, []);
    await dispatchEvents(workshop);
    const { now } = workshop.time;
    expect(await workshop.store.events.dropWaiting(['file'], 3, now)).toEqual([{ channel: 'file:all', lost: 2 }]);
    expect(await workshop.store.events.dropWaiting(['file'], 2, now)).toEqual([{ channel: 'file:all', lost: 2 }]);
    await deliver();
    expect(told()).toEqual(['all scan-done', 'all events-lost', 'all events-lost']);
    expect(sent.at(-1)?.event).toMatchObject({ lost: 2 });
  });
});

describe('a chat', () => {
  it('that takes only high risks gets no message about a web server', async () => {
    const group = await groupWith({ channel: 'console:high', minRisk: 'high' });
    await workshop.judged(group, [web]);
    await deliver();
    expect(workshop.board.posted.map((one) => one.ref.channel)).not.toContain('console:high');
    await workshop.judged(group, [telnet]);
    await deliver();
    expect(workshop.board.posted.filter((one) => one.ref.channel === 'console:high').length).toBeGreaterThan(0);
  });
});
