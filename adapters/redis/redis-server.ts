import { spawn } from 'node:child_process';
import { readFile, readlink, realpath, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../src/core/errors.ts';
import { probe } from './probe.ts';

/** Where packages and Homebrew put redis-server, for a process without a PATH. */
const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/homebrew/bin:/snap/bin';
/** A long append-only file takes time to load; meanwhile the server answers LOADING. */
const START_LIMIT_MS = 60_000;
const END_LIMIT_MS = 10_000;
const POLL_MS = 20;

/**
 * Starts a redis-server that only this user can reach, and returns when it answers. It has a session of its own, so
 * that Ctrl-C in a terminal only reaches NetDelta, which finishes its work before it stops the server.
 */
export async function startServer(redisDir: string, socket: string): Promise<void> {
  const logFile = join(redisDir, 'redis.log');
  await rename(logFile, `${logFile}.1`).catch(() => undefined);
  const child = spawn('redis-server', serverArguments(redisDir, socket, logFile), {
    detached: true,
    stdio: 'ignore',
    // Nothing else of our environment, which holds tokens.
    env: { PATH: process.env['PATH'] ?? SEARCH_PATH, LC_ALL: 'C' },
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  child.unref();
  const giveUp = new AbortController();
  const answers = untilItAnswers(socket, giveUp.signal).then(() => undefined);
  const reason = await Promise.race([ended, answers]);
  giveUp.abort();
  if (reason !== undefined) throw await startError(reason, logFile);
}

function serverArguments(redisDir: string, socket: string, logFile: string): string[] {
  const options = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
    dir: redisDir,
    pidfile: join(redisDir, 'redis.pid'),
    logfile: logFile,
    loglevel: 'notice',
    daemonize: 'no',
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
}

async function startError(reason: string, logFile: string): Promise<UserError> {
  if (reason === 'ENOENT') {
    return new UserError('redis-server is not installed, and no REDIS_URL is set', {
      hint: 'install it (Debian, Ubuntu: apt-get install redis-server), or set REDIS_URL to a Redis that runs already',
    });
  }
  const log = (await readFile(logFile, 'utf8').catch(() => '')).trim();
  // `PID:ROLE DAY TIME # text`
  const last = log.slice(log.lastIndexOf(' # ') + 3);
  return new UserError(`redis-server did not start (${reason})${last ? `: ${last}` : ''}`, {
    hint: /append.?only|AOF/i.test(last)
      ? `move ${join(dirname(logFile), 'appendonlydir')} away and start again: what was queued is queued again`
      : `see ${logFile}, or set REDIS_URL to a Redis that runs already`,
  });
}

async function untilItAnswers(socket: string, giveUp?: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while ((await probe(socket)) !== 'ready' && !giveUp?.aborted) {
    if (performance.now() > deadline) {
      throw new UserError(`the private Redis on ${socket} did not answer within ${START_LIMIT_MS / 1000} s`);
    }
    await sleep(POLL_MS);
  }
}

/**
 * Whether a server answers there. One that is loading its file is waited for. One that is silent, or that runs on this
 * directory although its socket is gone, is ended first: two servers must never write the same append-only file.
 */
export async function isRunning(redisDir: string, socket: string, options: { endStray: boolean }): Promise<boolean> {
  const state = await probe(socket);
  if (state === 'ready') return true;
  if (state === 'loading') {
    await untilItAnswers(socket);
    return true;
  }
  if (options.endStray) await endStray(redisDir);
  return false;
}

async function endStray(redisDir: string): Promise<void> {
  const pid = await serverPid(redisDir);
  if (pid === undefined) return;
  signal(pid, 'SIGTERM');
  if (await hasEnded(redisDir)) return;
  signal(pid, 'SIGKILL');
  await hasEnded(redisDir);
}

export async function hasEnded(redisDir: string): Promise<boolean> {
  const deadline = performance.now() + END_LIMIT_MS;
  while ((await serverPid(redisDir)) !== undefined) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/**
 * The process that runs on this directory, by its pid file. The id may have been reused, so it only counts if that
 * process is a redis-server that works in this directory; where there is no /proc, none counts.
 */
async function serverPid(redisDir: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(join(redisDir, 'redis.pid'), 'utf8').catch(() => ''), 10);
  if (!(pid > 1)) return undefined;
  const [command, directory] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  return command.includes('redis-server') && directory === (await realpath(redisDir)) ? pid : undefined;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
