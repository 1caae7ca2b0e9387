/**
 * What ends the program from outside, and the exit code that a shell expects then. A reader that left (`| head`) is not
 * an error.
 */
const ENDINGS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 0 } as const;
export type Ending = keyof typeof ENDINGS;

/**
 * For standard output only. The signal itself must stay ignored, as it is in Node: a handler would be called for every
 * pipe and socket of the process, such as that of an nmap that died before it had read its targets.
 */
const READER_LEFT = 'reader-left';

const LINGER_MS = 1_000;

export const exitCodeOf = (ending: Ending): number => ENDINGS[ending];

/**
 * Resolves at the first of them; a SIGINT or SIGTERM after it ends the process at once. Call it before there is
 * anything to clean up.
 */
export function untilSignal(): Promise<Ending> {
  return new Promise((resolve) => {
    let told = false;
    const end = (ending: Ending) => {
      // Closing a terminal raises several of these.
      if (told && (ending === 'SIGINT' || ending === 'SIGTERM')) process.exit(exitCodeOf(ending));
      told = true;
      resolve(ending);
    };
    for (const ending of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(ending, () => end(ending));
    process.stdout.on(READER_LEFT, end);
  });
}

/** Goes on although nobody reads the output: the exit code is the answer (`diff … | head`). */
export function outliveReader(): void {
  process.stdout.on(READER_LEFT, () => undefined);
}

/**
 * A pipe's reader has left, or the terminal is gone (EIO). If nothing waits for a signal, there is nothing to clean up.
 */
export function onBrokenOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code !== 'EPIPE' && code !== 'EIO' && code !== 'ERR_STREAM_DESTROYED') throw error;
    const ending: Ending = code === 'EIO' ? 'SIGHUP' : 'SIGPIPE';
    if (process.stdout.listenerCount(READER_LEFT) === 0) process.exit(exitCodeOf(ending));
    process.stdout.emit(READER_LEFT, ending);
  });
  // Output that nobody can read any more is no reason to leave work undone.
  process.stderr.on('error', () => undefined);
  process.stdin.on('error', () => undefined);
}

/**
 * When the terminal is gone, Node itself fails at exit (it cannot reset it), so the signal ends the process instead.
 */
export function leave(exitCode: number): void {
  process.exitCode = exitCode;
  // Anything left open at the end (a connection to a server that is away) must not keep the process alive.
  setTimeout(() => process.exit(exitCode), LINGER_MS).unref();
  const hadTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY === true);
  if (exitCode !== ENDINGS.SIGHUP || !hadTerminal) return;
  process.removeAllListeners('SIGHUP');
  process.kill(process.pid, 'SIGHUP');
}
