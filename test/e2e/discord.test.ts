import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/app/log.ts';
import { type App, createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { type By, type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { answersOf, settled } from '../fakes/discord/interaction.ts';
import type { FakeMessage, FakeUser } from '../fakes/discord/world.ts';
import { type FakeSlack, startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { freePort, freePorts } from '../free-ports.ts';
import { until } from '../until.ts';
import { dueSoon } from './due-soon.ts';
import { IMPORTED } from './imported-runs.ts';

let dataDir: string;
let fake: FakeDiscord;
let alice: FakeUser;
let by: By;
let slack: FakeSlack | undefined;
const apps: App[] = [];
const servers: Server[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-discord-'));
  fake = await startFakeDiscord();
  alice = fake.addUser('alice');
  by = { user: alice, channel: fake.channel };
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
  for (const server of servers.splice(0)) await close(server);
  await fake.close();
  await slack?.close();
  slack = undefined;
  await rm(dataDir, { recursive: true, force: true });
  expect(fake.complaints).toEqual([]);
});

async function run(more: Partial<Config> = {}): Promise<App> {
  const config: Config = {
    discord: { token: fake.world.token, guildId: fake.guild.id, apiUrl: fake.apiUrl },
    defaultChannel: `discord:${fake.channel.id}`,
    admins: [`discord:${alice.id}`],
    allowedTargets: ['127.0.0.0/8'],
    dataDir,
    databaseUrl: `sqlite:${join(dataDir, 'netdelta.sqlite')}`,
    logLevel: 'silent',
    confirmDelaysMs: [200],
    noColor: true,
    ...more,
  };
  const app = await createApp(config, { log: createLog('silent') });
  apps.push(app);
  return app;
}

async function stop(app: App): Promise<void> {
  apps.splice(apps.indexOf(app), 1);
  await app.stop();
}

async function listen(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume().end('hello\r\n');
  });
  servers.push(server);
  server.listen(port, host);
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

async function command(path: string, options: Parameters<FakeDiscord['slash']>[1]): Promise<string> {
  const interaction = await settled(await fake.slash(path, options, by));
  return answersOf(interaction)
    .map((message) => fake.see(message).text)
    .join('\n');
}

const textOf = (message: FakeMessage) => fake.see(message).text;
const messageSaying = (text: string | RegExp, messages = fake.channel.messages) =>
  messages.find((message) => (typeof text === 'string' ? textOf(message).includes(text) : text.test(textOf(message))));

/** Creates a group of one port that is closed, and scans it once. */
async function watchClosedPort(): Promise<number> {
  const port = await freePort();
  await command('group add', { name: 'lab', targets: '127.0.0.1', ports: String(port), profile: 'quick' });
  await scan(1);
  return port;
}

async function scan(id: number): Promise<FakeMessage> {
  await command('scan now', { group: 'lab' });
  return await until(() => messageSaying(`lab: scan #${id} done`), `the end of scan ${id}`);
}

const ALERT = /\d+\/tcp opened on 127\.0\.0\.1 \(lab\)/;

async function alertOf(): Promise<FakeMessage> {
  return await until(() => messageSaying(ALERT), 'the alert');
}

const labels = (message: FakeMessage) => fake.see(message).buttons.map((button) => button.label);

describe('NetDelta on Discord', () => {
  it('imports a scan that is attached to the command, and more by its form', async () => {
    await run();
    await command('group add', { name: 'lab', targets: '127.0.0.1', ports: '22,80', profile: 'quick' });
    const [monday, tuesday] = IMPORTED.map((data, index) => ({ name: `${index}.xml`, contentType: 'text/xml', data }));
    if (monday === undefined || tuesday === undefined) return;
    expect(await command('import', { group: 'lab', file: monday })).toContain('lab: 1 scan imported');
    const opened = await fake.slash('import', { group: 'lab' }, by);
    const asked = await fake.submitModal(opened, { group: ['lab'], file: [tuesday, monday] }, by);
    const sent = await settled(asked);
    const text = answersOf(sent).map(textOf).join('\n');
    expect(text).toMatch(/lab: 1 scan imported, 1 left out[\s\S]*0\.xml[^\n]*imported before/);
    await until(() => messageSaying(/HTTP opened on 127\.0\.0\.1 \(lab\)/), 'the alert');
  });

  it('scans by a slash command, reports a change in one message, and edits it in place when it is acknowledged', async () => {
    await run();
    const port = await watchClosedPort();
    const progress = messageSaying('lab: scan #1 done');
    expect(progress?.edits).toBeGreaterThan(0);
    expect(messageSaying('change, ')).toBeUndefined();
    await listen(port);
    await scan(2);
    const host = await alertOf();
    expect(fake.threadOn(host.id)).toBeUndefined();
    expect(textOf(host)).toContain(`${port}/tcp`);
    expect(textOf(host)).toContain('certain');
    await settled(await fake.click(host, 'Acknowledge', by));
    await until(() => (labels(host).includes('Undo') ? host : undefined), 'the edit');
    const bob: By = { ...by, user: fake.addUser('bob') };
    const refused = await settled(await fake.click(host, 'Undo', bob));
    expect(answersOf(refused).map(textOf).join()).toMatch(/may/);
  });

  it('reports 300 deltas of one scan within the limits, all of them in the files', async () => {
    await run();
    const ports = await freePorts(30);
    const hosts = Array.from({ length: 30 }, (_, index) => `127.0.0.${index + 2}`);
    // Ten of thirty on each, another ten on the next: no tarpit answers like that.
    const opened = hosts.flatMap((host, index) =>
      Array.from({ length: 10 }, (_, next) => ({ host, port: ports[(index + 3 * next) % ports.length] ?? 0 })),
    );
    await command('group add', { name: 'lab', targets: '127.0.0.2-31', ports: ports.join(','), profile: 'quick' });
    await scan(1);
    for (const { host, port } of opened) await listen(port, host);
    fake.limitPosts(5, 5000);
    await scan(2);
    const parent = await until(() => messageSaying('300 services opened on 30 hosts (lab)'), 'the alert');
    const files = await until(() => {
      const found = fake.see(parent).files;
      return found.length > 0 ? found : undefined;
    }, 'the list as a file');
    const whole = files.map(({ content }) => content).join('\n');
    for (const { host, port } of opened) expect(whole).toMatch(new RegExp(`${host}\\b.*\\b${port}\\b`));
    expect(files[0]?.content.trim().split('\n')).toHaveLength(301);
  });

  it('takes a click and sends scheduled reports after a restart, through two reconnects and a rate limit in the middle of the alert', async () => {
    const app = await run();
    const port = await watchClosedPort();
    const weekly = { group: 'lab', when: 'weekly mon 09:00', report: 'png' };
    expect(await command('schedule add', weekly)).toContain('Sends a report on lab');
    const daily = { group: 'all', when: 'daily 07:00', report: 'html' };
    expect(await command('schedule add', daily)).toContain('Sends a report on all groups');
    await listen(port);
    fake.faults.add({ kind: 'rate-limit', method: 'POST', path: /messages$/, times: 2, retryAfter: 1.5 });
    await command('scan now', { group: 'lab' });
    fake.gateway.drop();
    fake.faults.add({ kind: 'lose-answer', method: 'POST', path: /messages$/ });
    const host = await alertOf();
    await stop(app);
    const due = await dueSoon(dataDir);
    await run();
    fake.gateway.askReconnect();
    await until(() => (fake.gateway.counts.resumes >= 2 ? true : undefined), 'the resume');
    const reportOn = (what: string) => until(() => messageSaying(`Report on ${what}`), 'the report');
    const [picture, page] = [await reportOn('lab'), await reportOn('all groups')];
    await settled(await fake.click(host, 'Acknowledge', by));
    await until(() => (labels(host).includes('Undo') ? host : undefined), 'the edit');
    expect(fake.channel.messages.filter((message) => ALERT.test(textOf(message)))).toHaveLength(1);
    expect(Math.min(picture.postedAt, page.postedAt)).toBeGreaterThanOrEqual(due);
    expect(fake.see(picture).files).toMatchObject([{ name: expect.stringMatching(/^Report_on_lab-.*\.png$/) }]);
    expect(fake.see(page).files).toMatchObject([
      { name: expect.stringMatching(/\.html$/), content: expect.stringContaining('<h1>Report on all groups</h1>') },
    ]);
  });

  it('posts one alert in Slack and Discord, and an acknowledgement in one edits both', async () => {
    slack = await startFakeSlack();
    const inSlack = slack;
    await run({
      slack: { botToken: slack.tokens.bot, appToken: slack.tokens.app, apiUrl: slack.apiUrl },
      admins: [`discord:${alice.id}`, 'slack:U0ALICE'],
    });
    const port = await watchClosedPort();
    expect(await command('alert route', { group: 'lab', to: 'slack:C0ALERTS' })).toContain('slack:C0ALERTS');
    await listen(port);
    await scan(2);
    const host = await alertOf();
    const slackHost = await until(
      () => inSlack.messagesIn('C0ALERTS').find((message) => ALERT.test(inSlack.textOf(message))),
      'the alert in Slack',
    );
    await inSlack.click(slackHost, 'Acknowledge', { user: 'U0ALICE' });
    await until(() => (labels(host).includes('Undo') ? host : undefined), 'the edit in Discord');
    await until(() => (/acknowledged by/i.test(inSlack.textOf(slackHost)) ? true : undefined), 'the edit in Slack');
    expect(textOf(host)).toMatch(/acknowledged by @?alice/i);
  });
});
