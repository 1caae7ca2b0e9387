import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { until } from '../until.ts';
import { isTold, openSession, type Session, type SessionOptions, scanGroup } from './console-session.ts';
import { createListener, type Listener } from './listener.ts';
import { isAlive, nmapsOf, redisOf } from './processes.ts';

let dataDir: string;
let listener: Listener;
let slack: FakeSlack | undefined;
const sessions: Session[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-crash-'));
  listener = await createListener();
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.kill('SIGKILL');
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await listener.close();
  await slack?.close();
  slack = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

function open(options: Partial<SessionOptions> = {}): Session {
  const session = openSession({ dataDir, ...options });
  sessions.push(session);
  return session;
}

/** A group that has been scanned once, with a service that has opened since. */
async function withNews(settings: string): Promise<Session> {
  const session = open();
  await session.ask(`group add lab 127.0.0.1 ports:${listener.port} profile:quick`);
  await scanGroup(session, 'lab');
  await session.ask(`group edit lab ${settings}`);
  await listener.open();
  return session;
}

const titles = (session: Session) => session.events.filter(isTold).map((event) => event.card.title);
const news = () => [`${listener.port}/tcp opened on 127.0.0.1 (lab)`];
/** A scan of some seconds. */
const slowly = () => `ports:${listener.port},1-200 max-rate:100`;

describe('after SIGKILL', () => {
  it('in the middle of a scan, the next start finishes it, reports its result once, and leaves no process behind', async () => {
    const first = await withNews(slowly());
    first.send('/netdelta scan now lab');
    const nmap = await until(() => nmapsOf(first.child.pid)[0], 'nmap');
    await first.kill('SIGKILL');
    expect(titles(first)).toEqual([]);
    await until(() => !isAlive(nmap), 'the end of the orphaned nmap');
    await until(() => redisOf(dataDir).length === 0, 'the end of the orphaned Redis');

    const second = open();
    const from = second.waitFor(({ card }) => card.title === 'lab: scan #2 done', 'the end of the scan');
    expect(await second.end()).toBe(0);
    await from;
    expect(titles(second)).toEqual(news());
    expect(redisOf(dataDir)).toEqual([]);

    const third = open();
    expect((await third.ask('delta list')).card.title).toBe('1 delta (open)');
    expect((await scanGroup(third, 'lab')).told).toEqual([]);
    expect(await third.end()).toBe(0);
  });

  it('of the private Redis, the scan goes on, is reported once, and no Redis is left at the end', async () => {
    const session = await withNews(slowly());
    session.send('/netdelta scan now lab');
    await until(() => nmapsOf(session.child.pid)[0], 'nmap');
    const [redis = 0] = redisOf(dataDir);
    process.kill(redis, 'SIGKILL');
    await session.waitFor(({ card }) => card.title === 'lab: scan #2 done', 'the end of the scan');
    await session.waitFor(isTold, 'the news');
    expect(redisOf(dataDir)).not.toEqual([redis]);
    expect((await scanGroup(session, 'lab')).told).toEqual([]);
    expect(await session.end()).toBe(0);
    expect(titles(session)).toEqual(news());
    expect(session.errors()).toMatch(/private Redis is gone; starting it again/);
    expect(redisOf(dataDir)).toEqual([]);
  });

  it('between commit and post, and again between post and record, the alert is in its channel once', async () => {
    const fake = await startFakeSlack();
    slack = fake;
    const env = { SLACK_BOT_TOKEN: fake.tokens.bot, SLACK_APP_TOKEN: fake.tokens.app, SLACK_API_URL: fake.apiUrl };
    const alerts = () =>
      fake.messagesIn('C0ALERTS').filter((one) => /opened on 127\.0\.0\.1 \(lab\)/.test(fake.textOf(one)));
    const first = await withNews('channel:slack:C0ALERTS');
    await scanGroup(first, 'lab');
    expect((await first.ask('delta list')).card.title).toBe('1 delta (open)');
    await first.kill('SIGKILL');

    fake.faults.add({ fault: { kind: 'accept-then-drop' }, method: 'chat.postMessage', saying: 'lab', times: 1 });
    const second = open({ env });
    await until(() => alerts()[0], 'the alert');
    await second.kill('SIGKILL');

    const third = open({ env });
    expect(await third.end()).toBe(0);
    const [parent, ...twins] = alerts();
    if (parent === undefined) throw new Error('no alert');
    expect(twins).toEqual([]);
    expect(fake.textOf(parent)).toContain(`${listener.port}/tcp`);
    expect(fake.repliesTo(parent)).toEqual([]);
  });
});
