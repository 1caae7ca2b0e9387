import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where running nmaps of a data directory are recorded, a file each. */
export const runsDirectory = (dataDir: string): string => join(dataDir, 'nmap');

/** Records a running nmap and its owner, for the start after a crash. A full disk must not stop a scan. */
export function noteRun(directory: string, pid: number): () => void {
  const file = join(directory, String(pid));
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const note = [startOf(pid), process.pid, startOf(process.pid)].join(' ');
    writeFileSync(file, note, { mode: 0o600 });
  } catch {
    return () => undefined;
  }
  return () => rmSync(file, { force: true });
}

/**
 * Ends the nmaps whose process died without them, and returns how many there were. A process id may have been reused,
 * so only a process that began at the recorded time is ended.
 */
export function endOrphans(directory: string): number {
  const noted = namesIn(directory).filter((name) => /^\d+$/.test(name));
  let ended = 0;
  for (const name of noted) {
    const file = join(directory, name);
    const [began, owner, ownerBegan] = read(file).split(' ');
    if (isSame(Number(owner), ownerBegan)) continue;
    if (isSame(Number(name), began) && killGroup(Number(name))) ended += 1;
    rmSync(file, { force: true });
  }
  return ended;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isSame(pid: number, began: string | undefined): boolean {
  return pid > 1 && began !== undefined && began !== '' && startOf(pid) === began;
}

/**
 * When a process began, in ticks since the machine's own start: proc_pid_stat(5), field 22. Empty for one that has
 * ended and waits for its parent to notice, and where there is no /proc.
 */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  // The second field, a name in brackets, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
