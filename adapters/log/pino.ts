import { destination, type Logger, pino } from 'pino';
import { withoutSecrets } from '../../src/core/secrets.ts';

/** JSON lines on standard error. Of an error only what it says is written, never the request that it carries along. */
export function createLog(level: string): Logger {
  const out = destination({ fd: 2, sync: true });
  // Where nobody reads it any more, there is nowhere left to say so.
  out.on('error', () => undefined);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: plainError },
    },
    out,
  );
}

function plainError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: withoutSecrets(String(error)) };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: withoutSecrets(error.stack ?? ''),
    ...(error.cause === undefined ? {} : { cause: plainError(error.cause) }),
  };
}
