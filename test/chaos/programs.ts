import type { ChildProcess } from 'node:child_process';
import { startProgram } from '../e2e/console-session.ts';

/** A bot or a worker that is killed, frozen and started again on the same data directory. */
export type Program = {
  pid(): number;
  start(): void;
  /** Resolves with the exit code and how long it took. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; ms: number }>;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  isUp(): boolean;
  /** All that it has ever written to standard error. */
  said(): string;
};

export function program(argv: readonly string[], options: { dataDir: string; env: Record<string, string> }): Program {
  let child: ChildProcess | undefined;
  let exited: Promise<number | null> = Promise.resolve(null);
  let said = '';
  return {
    pid: () => child?.pid ?? 0,
    isUp: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    said: () => said,
    start() {
      const started = startProgram(argv, options);
      started.stdin.on('error', () => undefined);
      started.stderr.on('data', (data: Buffer) => {
        said += data.toString();
      });
      exited = new Promise((resolve) => started.once('close', resolve));
      child = started;
    },
    async end(signal) {
      const from = performance.now();
      child?.kill('SIGCONT');
      child?.kill(signal);
      return { code: await exited, ms: performance.now() - from };
    },
    signal: (signal) => void child?.kill(signal),
  };
}
