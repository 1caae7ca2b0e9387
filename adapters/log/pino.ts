import { format } from 'node:util';
import { destination, type Logger, type LoggerOptions, pino } from 'pino';
import { withoutSecrets } from '../../src/core/secrets.ts';
import type { Log } from '../../src/ports/log.ts';

/** JSON lines on standard error. Of an error only its message is written, never the request that it carries. */
export function createLog(level: string): Logger {
  const out = destination({ fd: 2, sync: true });
  // When nobody reads it any more, there is nowhere left to say so.
  out.on('error', () => undefined);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: plainError },
      hooks: { logMethod: limitRepeats() },
    },
    out,
  );
}

const IDS = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b/g;

/** Writes libraries' console output to the log too. Sequelize prints a line for each failed commit, with its id. */
export function takeConsole(log: Pick<Log, 'warn'>): void {
  const take = (...parts: unknown[]) => log.warn({}, withoutSecrets(format(...parts)).replace(IDS, '…'));
  console.warn = take;
  console.error = take;
}

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

const WINDOW_MS = 60_000;
const A_WINDOW = 5;
const WARN = 40;

/**
 * A lasting problem must not fill the disk: the same warning with the same reason is written five times a minute, and
 * the next one says how many were left out.
 */
export function limitRepeats(): LogMethod {
  const seen = new Map<string, { since: number; count: number }>();
  return function limited(args, method, level) {
    if (level < WARN) return method.apply(this, args);
    const now = performance.now();
    const key = keyOf(args);
    const known = seen.get(key);
    if (known !== undefined && now - known.since < WINDOW_MS) {
      known.count += 1;
      if (known.count > A_WINDOW) return;
      return method.apply(this, args);
    }
    for (const [old, { since }] of seen) if (now - since > 10 * WINDOW_MS) seen.delete(old);
    seen.set(key, { since: now, count: 1 });
    const hidden = known === undefined ? 0 : Math.max(0, known.count - A_WINDOW);
    if (hidden > 0) this.warn({}, `the next line was left out ${hidden} times`);
    return method.apply(this, args);
  };
}

function keyOf(args: readonly unknown[]): string {
  const [fields, message] = args;
  const error: unknown = typeof fields === 'object' && fields !== null && 'err' in fields ? fields.err : undefined;
  return `${typeof message === 'string' ? message : String(fields)} ${error instanceof Error ? error.message : ''}`;
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
