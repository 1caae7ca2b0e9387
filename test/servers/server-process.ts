import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { PATIENCE_MS } from '../until.ts';

/** A server that a test starts, stops, kills and freezes. It ends with the test, however that ends. */
export type ServerProcess = {
  pid(): number;
  start(): Promise<void>;
  /** Ends it as its own `stop` would. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Throws while it does not answer. */
  answers(): Promise<void>;
};

export type ServerPlan = {
  command: string;
  args: readonly string[];
  /** The signal for a clean end. */
  stopSignal: NodeJS.Signals;
  /** The account it runs as where the test is root: servers refuse root. */
  account: string;
  /** Throws until it answers. */
  answers(): Promise<void>;
};

/** After a SIGKILL, PostgreSQL refuses to start until the processes of its connections have ended. */
const REFUSES_MS = 30_000;

export function serverProcess(plan: ServerPlan): ServerProcess {
  let child: ChildProcess | undefined;
  let exited: Promise<unknown> = Promise.resolve();
  let said = '';

  async function untilItAnswers(): Promise<void> {
    const from = Date.now();
    for (;;) {
      const failure = await plan.answers().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) return;
      const hasEnded = child === undefined || child.exitCode !== null;
      if (Date.now() - from > (hasEnded ? REFUSES_MS : PATIENCE_MS)) {
        throw new Error(`${plan.command} does not answer: ${said.slice(-2000)}`, { cause: failure });
      }
      await pause(hasEnded ? 500 : 50);
      if (hasEnded) launch();
    }
  }
  function launch(): void {
    const started = spawn('setpriv', ['--pdeathsig', 'KILL', ...asAccount(plan.account), plan.command, ...plan.args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    said = '';
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (text) => (said = `${said}${text}`));
    exited = new Promise((resolve) => started.once('exit', resolve));
    child = started;
  }
  const end = async (signal: NodeJS.Signals) => {
    child?.kill(signal);
    await exited;
    child = undefined;
  };

  return {
    pid: () => child?.pid ?? 0,
    async start() {
      launch();
      await untilItAnswers();
    },
    stop: () => end(plan.stopSignal),
    kill: () => end('SIGKILL'),
    answers: plan.answers,
  };
}

/** Runs one of the server's own tools; throws with its output. */
export function runAs(account: string, command: string, args: readonly string[]): void {
  const [program = '', ...rest] = [...(isRoot() ? ['setpriv', ...asAccount(account)] : []), command, ...args];
  const { status, stderr, stdout, error } = spawnSync(program, rest, { encoding: 'utf8', cwd: '/' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? ''}${stderr}${stdout}`.slice(0, 2000));
}

export const isRoot = () => userInfo().uid === 0;

function asAccount(account: string): string[] {
  return isRoot() ? ['--reuid', account, '--regid', account, '--init-groups'] : [];
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
