import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { cleanText } from '../../src/core/text.ts';

/** After SIGINT nmap exits at once; one that doesn't hangs. */
const KILL_AFTER_MS = 3000;
const MAX_STDERR = 16 * 1024;

export type NmapProcess = {
  command: string;
  args: readonly string[];
  /** The child's `PATH`, in which `command` is looked up. */
  searchPath: string;
  input: string;
  signal?: AbortSignal;
  onXml?: (chunk: Buffer) => void;
  /** Called when it has started; the returned function is called at its end. */
  onStarted?: (pid: number) => () => void;
};

export type NmapExit = {
  /** gzip of its output. */
  xml: Buffer;
  stderr: string;
  /** Undefined when a signal ended it. */
  code: number | undefined;
};

/**
 * Runs one nmap, without a shell and with next to nothing of our environment (`NMAP_PRIVILEGED` and `NMAPDIR` would
 * change what it does). It has a session of its own: we pass on interrupts at the terminal, and it finds no terminal to
 * read keys from (`--noninteractive` would also switch `--stats-every` off). Rejects when it can't be started.
 */
export async function runNmap(options: NmapProcess): Promise<NmapExit> {
  const { signal } = options;
  const child = spawn(options.command, [...options.args], {
    env: { PATH: options.searchPath, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const onEnded = child.pid === undefined ? undefined : options.onStarted?.(child.pid);
  let killTimer: NodeJS.Timeout | undefined;
  const abort = (): void => {
    child.kill('SIGINT');
    killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MAX_STDERR) stderr += text;
  });
  // If it ends before it has read its targets, it says why on standard error.
  child.stdin.on('error', () => undefined).end(options.input);
  if (options.onXml !== undefined) child.stdout.on('data', options.onXml);
  const xml = buffer(child.stdout.pipe(createGzip()));
  // If nmap can't be started, that is the error to report.
  xml.catch(() => undefined);
  const ended = new Promise<number | undefined>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? undefined));
  });
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  try {
    const code = await ended;
    return { xml: await xml, stderr, code };
  } finally {
    onEnded?.();
    clearTimeout(killTimer);
    signal?.removeEventListener('abort', abort);
  }
}

/** The line of nmap's error output that says why it failed. */
export function firstComplaint(stderr: string): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '' && !/^(?:Starting Nmap|Warning|Note:|QUITTING)/i.test(line));
  return said[0] === undefined ? undefined : cleanText(said[0], 300);
}
