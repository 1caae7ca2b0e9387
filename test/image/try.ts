import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { type Box, type Contained, finished, IMAGE, type Image, inside, isHealthy, start } from './contained.ts';

// unshare --net node --import tsx test/image/try.ts ROOT CONFIG.json: bot and workers from the image whose files lie in ROOT,
// on a network of their own. CONFIG.json: what the image says of itself.
const [root = '', file = ''] = process.argv.slice(2);
const image: Image = { ...IMAGE.parse(JSON.parse(readFileSync(file, 'utf8'))), root };
const work = mkdtempSync(join(tmpdir(), 'netdelta-image-'));
const running = new Set<Contained>();

function say(line: string): void {
  console.log(`== ${line}`);
}

function check(holds: boolean, what: string, seen = ''): void {
  if (!holds) throw new Error(`${what}\n${seen}`);
  console.log(`ok  ${what}`);
}

function box(name: string, user: number, capabilities: readonly string[], env: Record<string, string>): Box {
  const data = join(work, name);
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, user, user);
  return { user, capabilities, data, env };
}

/** However long it takes on a busy machine; ends at once when the container does. */
async function whenHealthy(bot: Contained, at: Box): Promise<void> {
  while (!(await isHealthy(image, at))) {
    if (bot.child.exitCode !== null) throw new Error(`the bot ended:\n${bot.output()}`);
  }
}

function background(contained: Contained): Contained {
  running.add(contained);
  return contained;
}

/** A command to the bot in that box, from the image, too. Fails when something that should run ends meanwhile. */
function ask(at: Box, command: string): Promise<string> {
  const gone = new Promise<never>((_, reject) => {
    for (const { ended, output } of running) void ended.then(() => reject(new Error(`it ended:\n${output()}`)));
  });
  return Promise.race([finished(start(image, at, ['run', command])), gone]);
}

/**
 * To the first process of its own process ids. unshare passes no signal on, and its own end doesn't end what has changed
 * its user since.
 */
function signal({ child: { pid } }: Contained, name: 'SIGTERM' | 'SIGKILL'): void {
  const children = `/proc/${pid}/task/${pid}/children`;
  const [first = ''] = existsSync(children) ? readFileSync(children, 'utf8').split(' ') : [];
  if (first !== '') process.kill(Number(first), name);
}

async function stopped(contained: Contained): Promise<void> {
  running.delete(contained);
  signal(contained, 'SIGTERM');
  await finished(contained);
}

async function strictCluster(): Promise<void> {
  say(
    'a strict cluster: no capability, a root that is read-only, nothing but /data to write; SQLite and a private Redis',
  );
  const slack = await startFakeSlack();
  const at = box('strict', Number(image.User.split(':')[0]), [], {
    SLACK_BOT_TOKEN: slack.tokens.bot,
    SLACK_APP_TOKEN: slack.tokens.app,
    SLACK_API_URL: slack.apiUrl,
    NETDELTA_ADMINS: 'slack:U0ALICE',
    NETDELTA_CHANNEL: 'slack:C0ALERTS',
    NETDELTA_ALLOWED_TARGETS: '127.0.0.0/8',
  });
  const shell = (line: string) => inside(image, at, ['/bin/sh', '-c', line]);
  check((await finished(shell('id -u'))).trim() === String(at.user) && at.user !== 0, 'it is not root');
  await finished(shell('! touch /written 2>/dev/null && ! touch /tmp/written 2>/dev/null && touch /data/written'));
  check(true, 'only /data can be written');
  check(!(await isHealthy(image, at)), 'without a bot its health check fails');
  const bot = background(start(image, at));
  await whenHealthy(bot, at);
  check(true, 'the bot is healthy');
  const doctor = await finished(start(image, at, ['doctor']));
  check(
    /nmap: .*without raw sockets/.test(doctor) && /All is well|Everything works/.test(doctor),
    'doctor says how it scans',
    doctor,
  );

  await ask(at, 'group add lab 127.0.0.1 ports:22,8000 profile:quick confirm:off');
  const first = await ask(at, 'scan now lab');
  check(/scan #1 done/.test(first) && first.includes('connect scan'), 'the bot scans, and says how', first);
  const listener = createServer().listen(8_000, '127.0.0.1');
  const second = await ask(at, 'scan now lab');
  check(/scan #2 done/.test(second) && second.includes('1 service added'), 'it finds what changed', second);
  const posted = () => slack.messagesIn('C0ALERTS').map(slack.textOf).join('\n');
  while (!posted().includes('8000/tcp opened')) await new Promise((resolve) => setTimeout(resolve, 100));
  check(true, 'the alert is in Slack');
  listener.close();
  await stopped(bot);
  check(!(await isHealthy(image, at)), 'SIGTERM stops it, with exit code 0');
  await slack.close();
}

async function fleet(): Promise<void> {
  say('a fleet: raw sockets, a user that no file knows, Redis elsewhere, a worker without database or token');
  const user = 1_000_730_000;
  const slack = await startFakeSlack();
  const redis = box('redis', user, [], {});
  const env = { REDIS_URL: 'redis://127.0.0.1:6379', NETDELTA_ALLOWED_TARGETS: '127.0.0.0/8' };
  const bot = box('bot', user, ['net_raw'], {
    ...env,
    ...{ SLACK_BOT_TOKEN: slack.tokens.bot, SLACK_APP_TOKEN: slack.tokens.app, SLACK_API_URL: slack.apiUrl },
    ...{ NETDELTA_ADMINS: 'slack:U0ALICE', NETDELTA_CHANNEL: 'slack:C0ALERTS' },
  });
  const options = ['--dir', '/data', '--maxmemory-policy', 'noeviction', '--appendonly', 'yes'];
  background(inside(image, redis, ['/usr/bin/redis-server', ...options]));
  const serving = background(start(image, bot));
  await whenHealthy(serving, bot);
  const doctor = await finished(start(image, bot, ['doctor']));
  check(
    /nmap: .*with raw sockets/.test(doctor) && /All is well|Everything works/.test(doctor),
    'doctor finds raw sockets',
    doctor,
  );
  const [key = ''] = /ndk_\S+/.exec(await finished(start(image, bot, ['worker-key', 'far']))) ?? [];
  const far = box('far', user, ['net_raw'], { ...env, NETDELTA_SITE_KEY: key });
  const worker = background(start(image, far, ['worker', '--site', 'far']));
  await ask(bot, 'group add far 127.0.0.1 ports:22,6379 profile:quick site:far');
  const scan = await ask(bot, 'scan now far');
  check(/scan #1 done/.test(scan) && scan.includes('1 open port'), 'the worker scans for the bot', scan);
  check(scan.includes('site far') && !scan.includes('connect scan'), 'with raw sockets', scan);
  await stopped(worker);
  await stopped(serving);
  check(true, 'SIGTERM stops both, with exit code 0');
  await slack.close();
}

try {
  await strictCluster();
  await fleet();
  console.log('the image works');
} catch (error) {
  console.error('FAILED:', error);
  process.exitCode = 1;
} finally {
  for (const contained of running) signal(contained, 'SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
  rmSync(work, { recursive: true, force: true });
}
