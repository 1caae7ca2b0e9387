import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Guard = {
  /** This process leaves the server itself. */
  dismiss(): void;
};

/**
 * Makes sure that the private Redis does not outlive its last user, even on SIGKILL: one small process, which waits for
 * ours to end and then leaves the server on its behalf (guard-entry.ts), under the same lock as every process that
 * joins or leaves.
 */
export function startGuard(dataDir: string): Guard {
  const [program, ...args] = entryCommand();
  // In a session of its own: signals to our group (Ctrl-C, a kill of the group) must not reach it. Of our environment,
  // which holds tokens, it only gets the variable by which the server's socket is found.
  const { TMPDIR } = process.env;
  const child = spawn(program, [...args, dataDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: TMPDIR === undefined ? {} : { TMPDIR },
  });
  // Without it, the next start still takes the server over.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return { dismiss: () => void child.stdin?.write('left') };
}

/** From the build as well as from the sources, which Node 20 does not read. */
function entryCommand(): [string, ...string[]] {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return [process.execPath, fileURLToPath(new URL('./guard-entry.js', here))];
  return [process.execPath, '--import', import.meta.resolve('tsx'), fileURLToPath(new URL('./guard-entry.ts', here))];
}
