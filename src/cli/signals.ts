/** What ends the program from outside, and the exit code that a shell expects then. A reader that left (`| head`) is no error of ours. */
const ENDINGS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGPIPE: 0 } as const;
export type Ending = keyof typeof ENDINGS;

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
    for (const ending of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) process.on(ending, () => end(ending));
  });
}

/** Where nobody waits for a signal, nobody has anything to clean up. */
export function onBrokenPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    if (process.listenerCount('SIGPIPE') === 0) process.exit(exitCodeOf('SIGPIPE'));
    process.emit('SIGPIPE', 'SIGPIPE');
  });
}
