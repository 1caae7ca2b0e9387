import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The time that the programs of a round see; nmap uses the same clock. */
export type FakeClock = { env: Record<string, string>; offsetMs(): number; set(offsetMs: number): void };

/** Debian's libfaketime, if it is installed. */
function library(): string | undefined {
  return readdirSync('/usr/lib', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

export const canSetClock = (): boolean => library() !== undefined;

export function createClock(directory: string): FakeClock {
  const file = join(directory, 'offset');
  let offset = 0;
  const set = (offsetMs: number) => {
    offset = offsetMs;
    writeFileSync(file, `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs / 1000)}\n`);
  };
  set(0);
  const fake = {
    LD_PRELOAD: library() ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const programs = join(directory, 'bin');
  mkdirSync(programs);
  // NetDelta gives nmap none of its environment.
  const nmap = join(programs, 'nmap');
  const exports = Object.entries(fake).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(nmap, `#!/bin/sh\n${exports.join('')}exec /usr/bin/nmap "$@"\n`);
  chmodSync(nmap, 0o755);
  return { env: { ...fake, PATH: `${programs}:${process.env['PATH'] ?? ''}` }, offsetMs: () => offset, set };
}
