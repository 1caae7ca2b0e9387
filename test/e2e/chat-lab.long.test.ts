import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/app/log.ts';
import { createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import { type By, type FakeDiscord, startFakeDiscord } from '../fakes/discord/fake-discord.ts';
import { answersOf, settled } from '../fakes/discord/interaction.ts';
import type { FakeMessage } from '../fakes/discord/world.ts';
import { readBlocks } from '../fakes/slack/reading.ts';
import { createLab, type Lab, labObstacle } from '../lab/lab.ts';
import type { LabState } from '../lab/rules.ts';
import { until } from '../until.ts';
import { eventually, inSession, type Session } from './slack-session.ts';

const obstacle = labObstacle();
const NETWORK = '10.71.6.0/29';
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const SSH = { up: true, open: { 22: 'ssh' } } as const;
const BEFORE: LabState = { '10.71.6.1': SSH, '10.71.6.2': SSH };
/** Port 80 was closed. */
const AFTER: LabState = { ...BEFORE, '10.71.6.1': { up: true, open: { 22: 'ssh', 80: 'http' } } };

const NEWCOMER: LabState = { ...AFTER, '10.71.6.3': SSH };
/** One item with its port, which is the next delta. */
const NEW_HOST = /1 delta [\s\S]*#(\d+) New host 10\.71\.6\.3 .*with 1 open port: 22\/tcp/;
const idOf = (list: string) => Number(NEW_HOST.exec(list)?.[1]);

/** Enough, and slow enough, that the progress of a scan is visible. */
const WATCHED = { targets: '10.71.6.1-3', ports: '22,80,8000-8039', 'max-rate': 40, profile: 'quick' } as const;

/**
 * The bot stays where its chat is; only its nmap runs in the lab, through a program of that name that comes first in
 * the search path.
 */
async function inLab(work: (lab: Lab, config: Partial<Config>) => Promise<void>): Promise<void> {
  const lab = await createLab({ network: NETWORK, state: BEFORE });
  const programs = await mkdtemp(join(tmpdir(), 'netdelta-lab-nmap-'));
  try {
    const { command, args } = lab.scannerCommand(['nmap', '"$@"']);
    const script = `#!/bin/sh\nPATH=${SYSTEM_PATH}\nexport PATH\nexec ${[command, ...args].join(' ')}\n`;
    await writeFile(join(programs, 'nmap'), script, { mode: 0o755 });
    await work(lab, { searchPath: `${programs}:${SYSTEM_PATH}`, allowedTargets: [NETWORK] });
  } finally {
    await rm(programs, { recursive: true, force: true });
    await lab.close();
  }
}

type DiscordSession = {
  fake: FakeDiscord;
  by: By;
  command(path: string, options: Record<string, string | number>): Promise<string>;
  seen(look: () => FakeMessage | undefined, what: string): Promise<FakeMessage>;
  saying(text: string | RegExp, messages?: readonly FakeMessage[]): FakeMessage | undefined;
  labels(message: FakeMessage): string[];
};

async function inDiscord(more: Partial<Config>, work: (session: DiscordSession) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'netdelta-discord-lab-'));
  const fake = await startFakeDiscord();
  const alice = fake.addUser('alice');
  const by: By = { user: alice, channel: fake.channel };
  const config: Config = {
    discord: { token: fake.world.token, guildId: fake.guild.id, apiUrl: fake.apiUrl },
    defaultChannel: `discord:${fake.channel.id}`,
    admins: [`discord:${alice.id}`],
    allowedTargets: [],
    dataDir,
    databaseUrl: `sqlite:${join(dataDir, 'netdelta.sqlite')}`,
    logLevel: 'silent',
    confirmDelaysMs: [200],
    noColor: true,
    ...more,
  };
  const app = await createApp(config, { log: createLog('silent') });
  try {
    await work({
      fake,
      by,
      async command(path, options) {
        const answers = answersOf(await settled(await fake.slash(path, options, by)));
        return answers.map((message) => fake.see(message).text).join('\n');
      },
      seen: (look, what) => until(look, what),
      saying: (text, messages = fake.channel.messages) =>
        messages.find((message) => {
          const seen = fake.see(message).text;
          return typeof text === 'string' ? seen.includes(text) : text.test(seen);
        }),
      labels: (message) => fake.see(message).buttons.map((button) => button.label),
    });
    expect(fake.complaints).toEqual([]);
  } finally {
    await app.stop();
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startBySocket(session: Session, config: Partial<Config>): Promise<void> {
  await session.start(config);
}

async function startByHttp(session: Session, config: Partial<Config>): Promise<void> {
  const { tokens, signingSecret, apiUrl, deliverTo } = session.fake;
  const port = await session.freePort();
  await session.start({ ...config, slack: { botToken: tokens.bot, signingSecret, port, apiUrl } });
  deliverTo(`http://127.0.0.1:${port}/slack/events`);
}

// Mostly waiting for nmap, each in a lab of its own, so in parallel.
describe
  .skipIf(obstacle !== undefined)
  .concurrent(
    obstacle === undefined ? 'a chat and the lab' : `a chat and the lab (skipped: ${obstacle})`,
    { timeout: 240_000 },
    () => {
      it.each([
        ['Socket Mode', startBySocket],
        ['HTTP mode', startByHttp],
      ])(
        'Slack in %s: a command, progress, an alert with its thread, and a click that edits both in place',
        (_mode, start) =>
          inLab((lab, config) =>
            inSession(async (session) => {
              const { fake } = session;
              await start(session, config);
              const options = `ports:${WATCHED.ports} max-rate:${WATCHED['max-rate']} profile:${WATCHED.profile} learn:1`;
              await session.say(`/netdelta group add lab ${WATCHED.targets} ${options}`, /lab/);

              await fake.command('/netdelta scan now lab');
              await eventually(() => session.message(/lab: scan #1 is running/)?.ts).toBeDefined();
              const progress = session.message(/lab: scan #1 is running/);
              if (progress === undefined) throw new Error('no progress');
              expect(fake.textOf(progress)).toMatch(/[▰▱]{10} \d+ %/);
              expect(session.labels(progress)).toEqual(['Cancel']);
              await eventually(() => fake.textOf(progress)).toContain('lab: scan #1 done');
              expect(session.labels(progress)).not.toContain('Cancel');
              expect(session.message(/opened on/)).toBeUndefined();

              await lab.set(AFTER);
              await session.scan(2);
              await eventually(() => session.message(/HTTP opened on 10\.71\.6\.1 \(lab\)/)?.ts).toBeDefined();
              const host = session.message(/HTTP opened on 10\.71\.6\.1 \(lab\)/);
              if (host === undefined) throw new Error('no alert');
              const posted = fake.messagesIn('C0ALERTS').length;

              await fake.click(host, 'Acknowledge');
              await eventually(() => session.labels(host)).toEqual(['Undo']);
              expect(fake.textOf(host)).toMatch(/acknowledged by/i);
              expect(readBlocks(host.edits[0]?.blocks ?? []).text).not.toMatch(/acknowledged by/i);
              expect(fake.repliesTo(host)).toEqual([]);
              expect(fake.messagesIn('C0ALERTS')).toHaveLength(posted);

              await lab.set(NEWCOMER);
              await fake.command('/netdelta scan now lab ports:22');
              await eventually(() => session.message(/lab: scan #3 done/)?.ts).toBeDefined();
              const id = idOf(await session.say('/netdelta delta list', NEW_HOST));
              await session.say(`/netdelta delta ack ${id + 1}`, new RegExp(`host itself, delta #${id}, stays open`));
              await session.say(`/netdelta delta ack ${id}`, /1 delta acknowledged/);
              await session.say('/netdelta delta list', /0 deltas/);
            }),
          ),
      );

      it('Discord: a command, progress, an alert with its thread, and a click that edits both in place', () =>
        inLab((lab, config) =>
          inDiscord(config, async ({ fake, by, command, seen, saying, labels }) => {
            const textOf = (message: FakeMessage) => fake.see(message).text;
            const { 'max-rate': rate, ...watched } = WATCHED;
            expect(await command('group add', { name: 'lab', ...watched })).toContain('lab');
            expect(await command('group edit', { group: 'lab', 'max-rate': rate, learn: 1 })).toContain('40');

            await command('scan now', { group: 'lab' });
            const progress = await seen(() => saying('lab: scan #1 is running'), 'the progress');
            expect(textOf(progress)).toMatch(/[▰▱]{10} \d+ %/);
            expect(labels(progress)).toEqual(['Cancel']);
            const first = await seen(() => saying('lab: scan #1 done'), 'the end of the first scan');
            expect(first.id).toBe(progress.id);
            expect(labels(first)).not.toContain('Cancel');
            expect(saying(/opened on/)).toBeUndefined();

            await lab.set(AFTER);
            await command('scan now', { group: 'lab' });
            const host = await seen(() => saying('HTTP opened on 10.71.6.1 (lab)'), 'the alert');
            expect(fake.threadOn(host.id)).toBeUndefined();
            await seen(() => saying('lab: scan #2 done'), 'the end of the second scan');
            const posted = fake.channel.messages.length;

            await settled(await fake.click(host, 'Acknowledge', by));
            await seen(() => (labels(host).includes('Undo') ? host : undefined), 'the edit');
            expect(textOf(host)).toMatch(/acknowledged by/i);
            expect(fake.channel.messages).toHaveLength(posted);

            await lab.set(NEWCOMER);
            await command('scan now', { group: 'lab', ports: '22' });
            await seen(() => saying('lab: scan #3 done'), 'the end of the third scan');
            const list = await command('delta list', {});
            expect(list).toMatch(NEW_HOST);
            const id = idOf(list);
            const answer = await command('delta ack', { ids: String(id + 1) });
            expect(answer).toContain(`host itself, delta #${id}, stays open`);
            expect(await command('delta ack', { ids: String(id) })).toContain('1 delta acknowledged');
            expect(await command('delta list', {})).toContain('0 deltas');
          }),
        ));
    },
  );
