/** What ends the program from outside, and the exit code that a shell expects then. A reader that left (`| head`) is no error of ours. */
const ENDINGS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 0 } as const;
export type Ending = keyof typeof ENDINGS;

/**
 * Of standard output only. The signal itself must stay ignored, as Node has it: a handler for it would hear of every
 * pipe and socket of the process, such as that of an nmap which died before it had read its targets.
 */
const READER_LEFT = 'reader-left';

export const exitCodeOf = (ending: Ending): number => ENDINGS[ending];

/** Resolves at the first of them; a second SIGINT or SIGTERM ends the process at once. Ask before there is anything to clean up. */
export function untilSignal(): Promise<Ending> {
  return new Promise((resolve) => {
    let told = false;
    const end = (ending: Ending) => {
      if (told && ending !== 'SIGPIPE') process.exit(exitCodeOf(ending));
      told = true;
      resolve(ending);
    };
    for (const ending of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(ending, () => end(ending));
    process.stdout.on(READER_LEFT, () => end('SIGPIPE'));
  });
}

/** Where nobody waits for a signal, nobody has anything to clean up. */
export function onBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (process.stdout.listenerCount(READER_LEFT) === 0) process.exit(exitCodeOf('SIGPIPE'));
    process.stdout.emit(READER_LEFT);
  });
}
