import { createLog, takeConsole } from '../../adapters/log/pino.ts';

export { createLog };

/** The log of a whole program, and of the libraries in it. */
export function createProgramLog(level: string): ReturnType<typeof createLog> {
  const log = createLog(level);
  takeConsole(log);
  return log;
}
