import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type ConsoleEvent = {
  event: 'message' | 'update' | 'ephemeral' | 'file';
  id: string;
  thread?: string;
  channel: string;
  text: string;
  card: { title: string; tone: string };
  buttons: { id: string; label: string }[];
  /** Of a text file. */
  content?: string;
};

export type Session = {
  child: ChildProcessWithoutNullStreams;
  events: ConsoleEvent[];
  /** Everything written to standard error. */
  errors(): string;
  send(line: string): void;
  /** The first matching event at or after `from`; rejects when the program ends without it. */
  waitFor(fits: (event: ConsoleEvent) => boolean, what: string, from?: number): Promise<ConsoleEvent>;
  /** Sends a command and resolves with its answer: the next event that is one. */
  ask(command: string): Promise<ConsoleEvent>;
  /** Ends the input; resolves with the exit code. */
  end(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<number | null>;
};

export type SessionOptions = {
  dataDir: string;
  env?: Record<string, string>;
  /** The command to run instead of node itself, e.g. `ip netns exec NAME`, or a change of user. */
  wrap?: readonly string[];
  cwd?: string;
};

const MAIN = 'dist/src/main.js';

/** The built program as a user's script runs it. */
export function startProgram(argv: readonly string[], options: SessionOptions): ChildProcessWithoutNullStreams {
  const [command = process.execPath, ...args] = [...(options.wrap ?? []), process.execPath, MAIN, ...argv];
  return spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      NETDELTA_DATA_DIR: options.dataDir,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
}

/** The console: commands in, JSON events out. */
export function openSession(options: SessionOptions): Session {
  const child = startProgram(['console', '--json'], options);
  const events: ConsoleEvent[] = [];
  let errors = '';
  let over = false;
  const listeners = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      over = true;
      resolve(code);
      for (const listener of listeners) listener();
    });
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as ConsoleEvent);
    for (const listener of listeners) listener();
  });
  const waitFor: Session['waitFor'] = (fits, what, from = 0) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = events.slice(from).find(fits);
        if (found === undefined && !over) return;
        listeners.delete(look);
        if (found !== undefined) resolve(found);
        else reject(new Error(`ended without: ${what}\n${transcript(events)}\n${errors}`));
      };
      listeners.add(look);
      look();
    });
  const send = (line: string) => void child.stdin.write(`${line}\n`);
  return {
    child,
    events,
    errors: () => errors,
    send,
    waitFor,
    ask(command) {
      const from = events.length;
      send(command.startsWith('click ') ? command : `/netdelta ${command}`);
      return waitFor(isAnswer, `an answer to ${command}`, from);
    },
    end: () => {
      child.stdin.end();
      return exited;
    },
    kill: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}

function isAnswer({ event, id }: ConsoleEvent): boolean {
  return event !== 'file' && id.startsWith('answer-');
}

export function transcript(events: readonly ConsoleEvent[]): string {
  return events.map((event) => `${event.event} ${event.id} ${event.thread ?? ''} ${event.text}`).join('\n');
}

/** Runs commands from a pipe to the end. */
export async function runPiped(
  lines: readonly string[],
  options: SessionOptions,
): Promise<Session & { code: number | null }> {
  const session = openSession(options);
  for (const line of lines) session.send(line);
  const code = await session.end();
  return { ...session, code };
}

/**
 * Scans a group to its end; resolves with the results from then on: the scan’s own final message, and what was posted
 * in threads.
 */
export async function scanGroup(session: Session, group: string): Promise<{ end: ConsoleEvent; told: ConsoleEvent[] }> {
  const from = session.events.length;
  session.send(`/netdelta scan now ${group}`);
  session.send('/netdelta status');
  await session.waitFor((event) => isAnswer(event) && event.card.title === 'NetDelta', 'the scan’s end', from);
  const fresh = session.events.slice(from);
  const end = fresh.findLast((event) => event.card.title.startsWith(`${group}: scan #`));
  if (end === undefined) throw new Error(`no scan\n${transcript(fresh)}`);
  return { end, told: fresh.filter(isTold) };
}

/** What an alert reports: its replies, or the alert itself if all of it is one message. */
export function isTold(event: ConsoleEvent): boolean {
  const hasAll = event.buttons.some(({ label }) => label === 'Expected');
  return event.event === 'message' && (event.thread !== undefined || hasAll);
}

export type Output = { code: number | null; stdout: string; stderr: string };

/** Runs the program to its end. */
export async function runProgram(
  argv: readonly string[],
  options: SessionOptions & { input?: string | Buffer },
): Promise<Output> {
  const child = startProgram(argv, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, stdout, stderr };
}
