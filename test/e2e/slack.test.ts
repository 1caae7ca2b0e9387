import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBlocks } from '../fakes/slack/reading.ts';
import type { StoredMessage } from '../fakes/slack/workspace.ts';
import { dueSoon } from './due-soon.ts';
import { IMPORTED } from './imported-runs.ts';
import { eventually, inSession, type Session } from './slack-session.ts';

/** A group of one closed port, scanned once; then the port opens, and the next scan reports it. */
async function alertOfOneService(session: Session): Promise<{ parent: StoredMessage; port: number }> {
  const port = await session.freePort();
  await session.say(`/netdelta group add lab 127.0.0.1 ports:${port} profile:quick`, /lab/);
  await session.scan(1);
  await session.open(port);
  await session.scan(2);
  const found = () => session.message(new RegExp(`${port}/tcp opened on 127\\.0\\.0\\.1 \\(lab\\)`));
  await eventually(() => found()?.ts).toBeDefined();
  const parent = found();
  if (parent === undefined) throw new Error('no alert');
  return { parent, port };
}

// Mostly waiting for Slack's pace, so in parallel.
describe.concurrent('NetDelta in Slack', () => {
  it('scans by a command, reports a change in one message, and edits it in place when acknowledged', () =>
    inSession(async (session) => {
      const { fake } = session;
      await session.start();
      const { parent: host, port } = await alertOfOneService(session);
      expect(fake.textOf(host)).toContain(`${port}/tcp`);
      expect(fake.textOf(host)).toContain('certain');
      expect(session.labels(host)).toEqual(
        expect.arrayContaining(['Acknowledge', 'Expected', 'Recheck', 'Mute…', 'History', 'False alarm']),
      );

      await fake.click(host, 'Acknowledge', { user: 'U0BOB' });
      await eventually(() => fake.ephemeralsOf('U0BOB').map(fake.textOf).join()).toMatch(/may/);
      expect(session.labels(host)).toContain('Acknowledge');

      await session.say('/netdelta role grant @ops acknowledger', /acknowledger/);
      await Promise.all([
        fake.click(host, 'Acknowledge', { user: 'U0ALICE' }),
        fake.click(host, 'Acknowledge', { user: 'U0BOB' }),
      ]);
      await eventually(() => session.labels(host)).toEqual(['Undo']);
      await eventually(() => fake.textOf(host)).toMatch(/Acknowledged by @U0(ALICE|BOB)/);
      expect(fake.repliesTo(host)).toEqual([]);
      expect(host.notified).toEqual([]);
      await session.say('/netdelta audit list', /acknowledge[\s\S]*refused/);
    }));

  it('shows the progress of a scan in one message, and ends it by its button', () =>
    inSession(async (session) => {
      const { fake } = session;
      await session.start();
      await session.say('/netdelta group add slow 127.0.0.1 ports:1-2000 max-rate:20 profile:quick', /slow/);
      await fake.command('/netdelta scan now slow');
      const running = () => session.message(/slow: scan #1 is running/);
      await eventually(() => running()?.ts).toBeDefined();
      const message = running();
      if (message === undefined) return;
      expect(fake.textOf(message)).toMatch(/[▰▱]{10} \d+ %/);
      await fake.click(message, 'Cancel');
      await eventually(() => fake.textOf(message)).toContain('was cancelled');
      expect(session.labels(message)).toEqual([]);
      expect(fake.messagesIn('C0ALERTS').filter((one) => /slow: scan/.test(fake.textOf(one)))).toHaveLength(1);
    }));

  it(
    'imports scans that are attached to a form, whatever their order, and reports the changes between them',
    () =>
      inSession(async (session) => {
        const { fake } = session;
        await session.start();
        await session.say('/netdelta group add lab 127.0.0.1 ports:22,80 profile:quick', /lab/);
        await fake.command('/netdelta import lab');
        await eventually(() => fake.modals.open()?.title).toBe('Import');
        const [first, second] = IMPORTED;
        const files = [
          { name: 'tuesday.xml.gz', content: gzipSync(second) },
          { name: 'monday.xml', content: first },
        ];
        const form = fake.modals.open()?.fields.map(({ label }) => label);
        expect(form).toEqual(['Group', 'nmap’s XML, plain or gzip']);
        await fake.modals.submit({ Group: 'lab' }, { files });
        const answer = () => fake.ephemeralsOf('U0ALICE').map(fake.textOf).join('\n');
        await eventually(answer).toMatch(/lab: 2 scans imported[\s\S]*monday\.xml[\s\S]*tuesday\.xml\.gz/);
        await eventually(() => session.message(/HTTP opened on 127\.0\.0\.1 \(lab\)/)?.ts).toBeDefined();
        await session.say('/netdelta audit list', /import group:.*file:.*monday\.xml/);
        await fake.command('/netdelta import lab', { user: 'U0BOB' });
        await eventually(() => fake.ephemeralsOf('U0BOB').map(fake.textOf).join()).toMatch(/operator/);
      }),
    120_000,
  );

  it('opens its real forms, and shows mistakes beside their fields', () =>
    inSession(async (session) => {
      const { fake } = session;
      await session.start();
      await fake.command('/netdelta group add');
      await eventually(() => fake.modals.open()?.fields.length ?? 0).toBeGreaterThan(3);
      const fields = fake.modals.open()?.fields ?? [];
      const [name, targets] = fields.filter((field) => !field.optional).map((field) => field.label);
      if (name === undefined || targets === undefined) throw new Error('no required fields');
      await fake.modals.submit({ [name]: 'dmz', [targets]: '10.0.0.0/33' });
      expect(fake.modals.open()?.fields.find((field) => field.label === targets)?.error).toContain('10.0.0.0/33');
      await fake.modals.submit({ [name]: 'dmz', [targets]: '127.0.0.8/30' });
      expect(fake.modals.open()).toBeUndefined();
      await session.say('/netdelta group list', /dmz/);
      await session.say('/netdelta group edit dmz channel:#other notify:@ops', /dmz/);
      const group = await session.say('/netdelta group show dmz', /dmz/);
      expect(group).toMatch(/C0OTHER/);
      expect(group).toMatch(/S0OPS|@ops/);
    }));

  it(
    'shows open deltas in the Home tab, takes a note from a form after a restart, sends scheduled reports at their time, and says when a delta is gone',
    () =>
      inSession(async (session) => {
        const { fake } = session;
        await session.start();
        const { parent: host } = await alertOfOneService(session);
        await fake.openHome();
        const home = () => readBlocks(fake.workspace.homes.get('U0ALICE')?.blocks ?? []).text;
        await eventually(home).toMatch(/127\.0\.0\.1|lab/);
        const { controls } = readBlocks(fake.workspace.homes.get('U0ALICE')?.blocks ?? []);
        expect(controls.map(({ label }) => label).join()).toMatch(/^Acknowledge #1,/);
        await session.say('/netdelta schedule add lab weekly mon 09:00 report:png', /Sends a report on lab/);
        await session.say('/netdelta alert route lab to:#other', /C0OTHER/);
        await session.say('/netdelta schedule add all daily 07:00 report:csv', /Sends a report on all groups/);

        await session.stop();
        const due = await dueSoon(session.dataDir);
        await session.start();
        await fake.click(host, 'Acknowledge with a note…');
        await eventually(() => fake.modals.open()?.fields.length).toBeGreaterThan(0);
        const [note] = fake.modals.open()?.fields ?? [];
        await fake.modals.submit({ [note?.label ?? '']: 'known <!channel> & planned' });
        await eventually(() => fake.textOf(host)).toContain('known <!channel> & planned');
        await eventually(() => session.labels(host)).toEqual(['Undo']);

        const reports = (channel: string) =>
          fake.messagesIn(channel).filter((one) => fake.textOf(one).startsWith('Report on '));
        const files = (channel: string) =>
          reports(channel).flatMap((one) => [one, ...fake.repliesTo(one)].flatMap((message) => message.files));
        await eventually(() => files('C0ALERTS').length).toBe(2);
        await eventually(() => files('C0OTHER').length).toBe(1);
        expect(reports('C0ALERTS').every(({ ts }) => Number(ts) * 1000 >= due)).toBe(true);
        const [picture] = files('C0OTHER');
        expect(picture).toMatchObject({ title: expect.stringMatching(/^Report_on_lab-.*\.png$/) });
        expect(picture?.content.subarray(1, 4).toString()).toBe('PNG');
        const csv = files('C0ALERTS').find(({ name }) => name.endsWith('.csv'));
        expect(csv?.content.toString()).toMatch(/^Group,/m);

        await fake.command('/netdelta group remove lab');
        const question = () =>
          fake.ephemeralsOf('U0ALICE').find((one) => session.labels(one).some((label) => /remove/i.test(label)));
        await eventually(() => question()?.ts).toBeDefined();
        const asked = question();
        if (asked === undefined) return;
        await fake.click(asked, session.labels(asked).find((label) => /remove/i.test(label)) ?? '');
        await eventually(() => session.labels(asked)).toEqual([]);
        const before = fake.ephemeralsOf('U0ALICE').length;
        await fake.click(host, 'Undo');
        await eventually(() => fake.ephemeralsOf('U0ALICE').slice(before).map(fake.textOf).join()).toMatch(
          /no longer|gone|not there|removed/i,
        );
      }),
    120_000,
  );

  it('reports once to the admins that a channel refuses messages, and keeps what it could not deliver', () =>
    inSession(async (session) => {
      const { fake } = session;
      await session.start();
      await session.say('/netdelta group add dmz 127.0.0.1 ports:9 profile:quick channel:#old', /dmz/);
      for (const _twice of [1, 2]) await fake.command('/netdelta alert test dmz');
      const told = () =>
        [...fake.messagesIn('C0ALERTS'), ...fake.messagesIn('D0ALICE')]
          .map(fake.textOf)
          .filter((text) => text.includes('is_archived'));
      await eventually(() => told().length).toBe(2);
      await session.say('/netdelta delivery list', /is_archived[\s\S]*is_archived/);
      expect(told()).toHaveLength(2);
    }));

  it('works the same by HTTP', () =>
    inSession(async (session) => {
      const { fake } = session;
      const port = await session.freePort();
      const { tokens, signingSecret, apiUrl } = fake;
      await session.start({ slack: { botToken: tokens.bot, signingSecret, port, apiUrl } });
      fake.deliverTo(`http://127.0.0.1:${port}/slack/events`);
      const { parent: host } = await alertOfOneService(session);
      await fake.click(host, 'Acknowledge');
      await eventually(() => session.labels(host)).toEqual(['Undo']);
      expect(fake.sockets.accepted()).toBe(0);
    }));
});

describe.concurrent('an alert of many', () => {
  it('300 deltas: within Slack’s limits and its pace, with all of them in the attached file', () =>
    inSession(
      async (session) => {
        const { fake } = session;
        await session.start();
        const port = await session.freePort();
        await session.say(`/netdelta group add many 127.0.0.1-254 127.0.1.1-46 ports:${port} profile:quick`, /many/);
        await session.scan(1, 'many');
        await session.open(port, '0.0.0.0');
        await session.scan(2, 'many');
        const title = new RegExp(
          `${port}/tcp opened on 300 hosts of many \\(127\\.0\\.0\\.1-254, 127\\.0\\.1\\.1-46\\)`,
        );
        await eventually(() => session.message(title)?.ts).toBeDefined();
        const parent = session.message(title);
        if (parent === undefined) return;
        await eventually(() => fake.repliesTo(parent).filter((one) => one.files.length > 0).length).toBeGreaterThan(0);
        const files = fake.repliesTo(parent).flatMap((one) => one.files);
        const whole = files.find((file) => file.name.endsWith('.csv'))?.content.toString() ?? '';
        for (const address of ['127.0.0.1', '127.0.0.254', '127.0.1.46']) expect(whole).toContain(address);
        expect(whole.trimEnd().split('\n').length).toBeGreaterThanOrEqual(301);
        expect(fake.textOf(parent)).not.toMatch(/and \d+ more/);
        await fake.click(parent, 'Acknowledge');
        await eventually(() => fake.textOf(parent)).toContain('Acknowledged by');
      },
      { rateLimit: { burst: 4, perSecond: 1 } },
    ));

  it('Slack away in the middle of it: afterwards everything is there, once, and in order', () =>
    inSession(async (session) => {
      const { fake } = session;
      await session.start();
      const port = await session.freePort();
      await session.say(`/netdelta group add few 127.0.0.1-5 ports:${port} profile:quick`, /few/);
      await session.scan(1, 'few');
      await session.open(port, '0.0.0.0');
      const first = fake.calls.length;
      const parentSays = `${port}/tcp opened on 5 hosts of few`;
      for (const [saying, fault] of [
        [parentSays, { kind: 'accept-then-drop' }],
        ['127.0.0.1', { kind: 'error', status: 500 }],
        ['127.0.0.2', { kind: 'accept-then-drop' }],
        ['127.0.0.3', { kind: 'rate-limited', seconds: 1 }],
        ['127.0.0.4', { kind: 'drop' }],
        ['127.0.0.5', { kind: 'garbage' }],
      ] as const) {
        fake.faults.add({ fault, saying, method: 'chat.postMessage', times: 1 });
      }
      fake.faults.add({ fault: { kind: 'error', status: 503 }, method: 'conversations.replies', times: 1 });
      await session.fake.command('/netdelta scan now few');
      fake.sockets.drop();
      await eventually(() => session.message(/opened on 5 hosts of few/)?.ts).toBeDefined();
      const parent = session.message(/opened on 5 hosts of few/);
      if (parent === undefined) return;
      await eventually(() => fake.repliesTo(parent).length).toBe(5);
      await eventually(() => fake.sockets.connected()).toBe(1);
      expect(fake.calls.length).toBeGreaterThan(first + 5);
      const hosts = fake.repliesTo(parent).map((one) => /127\.0\.0\.(\d)/.exec(fake.textOf(one))?.[1]);
      expect(hosts).toEqual(['1', '2', '3', '4', '5']);
      expect(
        fake.messagesIn('C0ALERTS').filter((one) => /opened on 5 hosts of few/.test(fake.textOf(one))),
      ).toHaveLength(1);
    }));
});
