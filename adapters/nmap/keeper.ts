import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+PID` and `-PID`, a line each. At the end of its input, which comes when the process at the other end ends in
 * whatever way, it kills the remaining process groups.
 */
const KEEPER = `
const kept = new Set();
let rest = '';
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.stdin.setEncoding('utf8').on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines) line[0] === '+' ? kept.add(Number(line.slice(1))) : kept.delete(Number(line.slice(1)));
}).on('end', () => {
  for (const pid of kept) try { process.kill(-pid, 'SIGKILL'); } catch {}
});`;

export type Keeper = {
  /** This process group should end with us. */
  keep(pid: number): void;
  letGo(pid: number): void;
};

/**
 * Makes sure that no nmap outlives this process, even on SIGKILL: one small process that watches a pipe, started with
 * the first nmap. PR_SET_PDEATHSIG is not enough: the kernel forgets it when nmap has a file capability and its user is
 * not root, which is how `doctor` recommends to set nmap up (measured; prctl(2)).
 */
export function createKeeper(): Keeper {
  let keeper: ChildProcess | undefined;

  function say(line: string): void {
    if (keeper === undefined || keeper.exitCode !== null || keeper.signalCode !== null) keeper = startKeeper();
    keeper.stdin?.write(`${line}\n`);
  }

  return { keep: (pid) => say(`+${pid}`), letGo: (pid) => say(`-${pid}`) };
}

/** In a session of its own: signals to our group (Ctrl-C, a kill of the group) must not reach it. */
function startKeeper(): ChildProcess {
  const child = spawn(process.execPath, ['-e', KEEPER], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Without it, nmap's own pipes and the next start still end what is left.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
