import { readdirSync, readFileSync } from 'node:fs';

export type Process = { pid: number; parent: number; command: string };

/** The processes on this machine now. */
export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // `pid (name) state ppid …`; the name may contain anything.
        const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return [];
      }
    });
}

/** The nmaps that a bot is running now. */
export function nmapsOf(bot: number | undefined): number[] {
  return processes()
    .filter(({ parent, command }) => parent === bot && /^\S*nmap /.test(command))
    .map(({ pid }) => pid);
}

/** The private Redis of a data directory. */
export function redisOf(dataDir: string): number[] {
  return processes()
    .filter(({ command }) => command.startsWith('redis-server') && command.includes(`${dataDir}/`))
    .map(({ pid }) => pid);
}

export function isAlive(pid: number): boolean {
  return processes().some((one) => one.pid === pid);
}
