import { readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';

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
export async function until<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 45_000,
): Promise<T> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline; await sleep(20)) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
  }
  throw new Error(`not within ${limitMs} ms: ${what}`);
}

/** No such process, or only its zombie, which a container without an init keeps: Linux shows that without a command line. */
export function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '';
  } catch {
    return true;
  }
}
