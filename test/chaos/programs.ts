import type { ChildProcess } from 'node:child_process';
import { startProgram } from '../e2e/console-session.ts';

const RESTART_MS = 1_000;

/** A bot or a worker that is killed, frozen and started again on the same data directory. */
export type Program = {
  pid(): number;
  start(): void;
  /** From now on it is started again when it ends by itself, as a service manager does. */
  supervise(): void;
  /** Resolves with the exit code and how long it took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; ms: number }>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  isUp(): boolean;
  /** Everything it has ever written to standard error. */
  said(): string;
};

export function program(argv: readonly string[], options: { dataDir: string; env: Record<string, string> }): Program {
  let child: ChildProcess | undefined;
  let exited: Promise<number | null> = Promise.resolve(null);
  let said = '';
  let supervised = false;
  const ended = new WeakSet<ChildProcess>();
  const restart = (from: ChildProcess) => {
    if (supervised && child === from && !ended.has(from)) start();
  };
  function start(): void {
    const started = startProgram(argv, options);
    started.stdin.on('error', () => undefined);
    started.stderr.on('data', (data: Buffer) => {
      said += data.toString();
    });
    exited = new Promise((resolve) => started.once('close', resolve));
    started.once('close', () => setTimeout(restart, RESTART_MS, started));
    child = started;
  }
  return {
    pid: () => child?.pid ?? 0,
    isUp: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    said: () => said,
    start,
    supervise() {
      supervised = true;
    },
    async end(signal) {
      const from = performance.now();
      if (child !== undefined) ended.add(child);
      child?.kill('SIGCONT');
      child?.kill(signal);
      return { code: await exited, ms: performance.now() - from };
    },
    signal: (signal) => void child?.kill(signal),
  };
}
