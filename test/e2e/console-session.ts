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
};

export type Session = {
  child: ChildProcessWithoutNullStreams;
  events: ConsoleEvent[];
  /** All that was written to standard error. */
  errors(): string;
  send(line: string): void;
  /** The first event at or after `from` that fits; rejects when the program ends without it. */
  waitFor(fits: (event: ConsoleEvent) => boolean, what: string, from?: number): Promise<ConsoleEvent>;
  /** Ends the input; resolves with the exit code. */
  end(): Promise<number | null>;
  kill(signal: NodeJS.Signals): Promise<void>;
};

export type SessionOptions = {
  dataDir: string;
  env?: Record<string, string>;
  /** What to run instead of node itself, e.g. `ip netns exec NAME`, or a change of user. */
  wrap?: readonly string[];
  cwd?: string;
};

const MAIN = 'dist/src/main.js';

/** The built program as a user's script has it: commands in, JSON events out. */
export function openSession(options: SessionOptions): Session {
  const [command = process.execPath, ...args] = [...(options.wrap ?? []), process.execPath, MAIN, 'console', '--json'];
  const child = spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '/',
      NETDELTA_DATA_DIR: options.dataDir,
      LOG_LEVEL: 'warn',
      ...options.env,
    },
  });
  const events: ConsoleEvent[] = [];
  let errors = '';
  const listeners = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      resolve(code);
      for (const listener of listeners) listener();
    });
  });
  let over = false;
  void exited.then(() => {
    over = true;
    for (const listener of listeners) listener();
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as ConsoleEvent);
    for (const listener of listeners) listener();
  });
  return {
    child,
    events,
    errors: () => errors,
    send: (line) => void child.stdin.write(`${line}\n`),
    waitFor: (fits, what, from = 0) =>
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
      }),
    end: () => {
      child.stdin.end();
      return exited;
    },
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
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
