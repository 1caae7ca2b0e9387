import { type Logger, LogLevel } from '@slack/bolt';
import { withoutSecrets } from '../../../src/core/secrets.ts';
import type { Log } from '../../../src/ports/log.ts';

const TICKET = /(?<=ticket=)[^\s&"']+/g;
const MAX_LINE = 500;

/** Writes bolt's log lines to our log: no tokens, no payloads (those are its debug level, which is off). */
export function boltLog(log: Log): Logger {
  const write = (level: 'info' | 'warn' | 'error') => {
    return (...parts: unknown[]) => log[level]({ from: 'bolt' }, line(parts));
  };
  return {
    debug: () => {},
    // Bolt's info lines are about its own internals.
    info: (...parts) => log.debug({ from: 'bolt' }, line(parts)),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

function line(parts: readonly unknown[]): string {
  const words = parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  return withoutSecrets(words.slice(0, 4 * MAX_LINE))
    .replace(TICKET, '[secret]')
    .slice(0, MAX_LINE);
}
