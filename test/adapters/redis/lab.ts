import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';
import { until as waitUntil } from '../../until.ts';

export async function temporaryDirectory(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'nd-')));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A logger whose messages can be read. */
export function recordingLog(): { log: Logger; messages: string[] } {
  const messages: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => messages.push(String(JSON.parse(line).msg)) });
  return { log, messages };
}

/** Waits for a condition, not for a time; fails with what was awaited. */
export const until = <T>(what: string, look: Parameters<typeof waitUntil<T>>[0]): Promise<T> => waitUntil(look, what);

/** No such process, or only its zombie, which a container without an init keeps: Linux shows that without a command line. */
export function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '';
  } catch {
    return true;
  }
}
