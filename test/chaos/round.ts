import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import { openSession, type Session } from '../e2e/console-session.ts';
import { createListener } from '../e2e/listener.ts';
import { nmapsOf, processes } from '../e2e/processes.ts';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { type DatabaseServer, startMariadb, startPostgres } from '../servers/database-server.ts';
import { freePort, pause, serverProcess } from '../servers/server-process.ts';
import { FAULTS, type Fault, type Scene } from './faults.ts';
import { createRandom } from './random.ts';

export type Engine = 'sqlite' | 'postgres' | 'mariadb';
export type Outcome = { seed: number; engine: Engine; fault: string; wrong: string[] };

const PATIENCE_MS = 90_000;
/** More than this in the log of one round is a flood. */
const LOG_BYTES = 100_000;

/**
 * One round: a service opens, a scan that will see it runs, and something breaks in the middle. Afterwards the scan must be
 * judged, its change told once, an acknowledgement kept, and no process left.
 */
export async function playRound(seed: number, engine: Engine): Promise<Outcome> {
  const random = createRandom(seed);
  const possible = FAULTS.filter((fault) => fault.needsServer !== true || engine !== 'sqlite');
  const fault = possible[Math.floor(random() * possible.length)] ?? possible[0];
  if (fault === undefined) throw new Error('there are faults');
  const closing: (() => unknown)[] = [];
  try {
    const wrong = await play({ fault, engine, delayMs: Math.round(random() * 3_000), closing });
    return { seed, engine, fault: fault.name, wrong };
  } catch (error) {
    return {
      seed,
      engine,
      fault: fault.name,
      wrong: [error instanceof Error ? error.message.slice(0, 400) : String(error)],
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

type Play = { fault: Fault; engine: Engine; delayMs: number; closing: (() => unknown)[] };

async function play({ fault, engine, delayMs, closing }: Play): Promise<string[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'netdelta-chaos-'));
  closing.push(() => rm(dataDir, { recursive: true, force: true }));
  const slack = await startFakeSlack();
  closing.push(() => slack.close());
  const listener = await createListener();
  closing.push(() => listener.close().catch(() => undefined));
  const redis = await startRedis(dataDir);
  closing.push(() => redis.kill());
  const server = await serverFor(engine);
  if (server !== undefined) closing.push(() => server.close());
  const url = server === undefined ? `sqlite:${join(dataDir, 'n.sqlite')}` : await server.create();
  const env = {
    ...{
      REDIS_URL: redis.url,
      DATABASE_URL: url,
      SLACK_BOT_TOKEN: slack.tokens.bot,
      SLACK_APP_TOKEN: slack.tokens.app,
    },
    ...{ SLACK_API_URL: slack.apiUrl, NETDELTA_CHANNEL: 'slack:C0ALERTS' },
  };
  const sessions: Session[] = [];
  const open = () => {
    const session = openSession({ dataDir, env });
    sessions.push(session);
    return session;
  };
  closing.push(async () => {
    for (const session of sessions) await session.kill('SIGKILL');
  });

  let session = open();
  await session.ask(`group add lab 127.0.0.1 ports:${listener.port},1-150 max-rate:60 profile:quick`);
  await session.ask('scan now lab async:true');
  await scanEnds(url, 1);
  await listener.open();
  await session.ask('scan now lab async:true');
  await pause(delayMs);
  const scene: Scene = { session, slack, redis, ...(server === undefined ? {} : { server }) };
  await fault.strike(scene);
  if (fault.kills) session = open();
  await scanEnds(url, 2);
  await until(async () => told(slack, listener.port).length > 0, 'the alert in Slack').catch((error: Error) => {
    const heard = slack.messagesIn('C0ALERTS').map((message) => slack.textOf(message));
    throw new Error(`${error.message}; heard: ${JSON.stringify(heard)}`);
  });
  await session.ask('delta ack 1 note:chaos');
  await pause(1_500);
  const wrong = await verdict(url, told(slack, listener.port));
  await session.kill('SIGTERM');
  const left = sessions.flatMap(({ child }) => nmapsOf(child.pid)).length + orphans(dataDir);
  if (left > 0) wrong.push(`${left} processes were left`);
  const bytes = sessions.reduce((sum, { errors }) => sum + errors().length, 0);
  if (bytes > LOG_BYTES) wrong.push(`${bytes} bytes of log`);
  return wrong;
}

/** The messages that tell the change, by their nonce: none may come twice. */
function told(slack: Awaited<ReturnType<typeof startFakeSlack>>, port: number): string[] {
  return slack
    .messagesIn('C0ALERTS')
    .map((message) => slack.textOf(message))
    .filter((text) => text.includes(`${port}/tcp`) && !/: scan #\d+ /.test(text));
}

async function verdict(url: string, messages: readonly string[]): Promise<string[]> {
  const store = await openStore(url);
  try {
    const wrong: string[] = [];
    const { items } = await store.deltas.list({}, { limit: 10, offset: 0 });
    const confirmed = items.filter(({ state }) => state === 'confirmed');
    if (confirmed.length !== 1) wrong.push(`${confirmed.length} changes instead of one`);
    if (confirmed[0]?.acknowledgement.type !== 'acknowledged') wrong.push('the acknowledgement is gone');
    if (messages.length > 2) wrong.push(`told ${messages.length} times`);
    return wrong;
  } finally {
    await store.close();
  }
}

async function scanEnds(url: string, scanId: number): Promise<void> {
  await until(async () => {
    const store = await openStore(url).catch(() => undefined);
    try {
      return (await store?.scans.byId(scanId))?.status === 'done';
    } catch {
      return false;
    } finally {
      await store?.close();
    }
  }, `the end of scan ${scanId}`);
}

async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(500)) if (await look()) return;
  throw new Error(`${what} did not come`);
}

const orphans = (dataDir: string) =>
  processes().filter(({ command }) => command.includes(dataDir) && !command.includes('redis-server')).length;

function serverFor(engine: Engine): Promise<DatabaseServer | undefined> {
  switch (engine) {
    case 'sqlite':
      return Promise.resolve(undefined);
    case 'postgres':
      return startPostgres();
    case 'mariadb':
      return startMariadb();
  }
}

async function startRedis(directory: string) {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
  const { createConnection } = await import('node:net');
  const answers = () =>
    new Promise<void>((resolve, reject) => {
      const socket = createConnection(port, '127.0.0.1', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
    });
  const server = serverProcess({
    ...{ command: 'redis-server', args: [...args, '--dir', directory], stopSignal: 'SIGTERM', answers },
    account: 'root',
  });
  await server.start();
  return { ...server, url };
}
