import type { ScanProgress } from '../../src/ports/scanner.ts';

/** Share of a scan's time that finding hosts takes, and of what is left the part for ports when versions are detected. */
const DISCOVERY_PERCENT = 10;
const PORTS_SHARE = 0.6;
/** nmap works through its hosts in groups of about this many. */
const GROUP = 64;
/** nmap's lines are short, but for banners and scripts, which say nothing about progress. */
const MAX_LINE = 64 * 1024;

/**
 * Progress from nmap's XML as it is written. nmap's own figure is per task and per group of hosts and falls back to 0
 * again and again, so it only counts inside the group that is under way; what is told never goes back.
 */
export function createProgress(options: {
  hostsTotal: number;
  versions: boolean;
  onProgress: (progress: ScanProgress) => void;
}): { push(chunk: Buffer): void } {
  const { hostsTotal, versions, onProgress } = options;
  let rest = '';
  let hints = 0;
  let hostsDone = 0;
  let hostsUp = 0;
  let discovered = false;
  let discovery = 0;
  let group = 0;
  let state: string | undefined;
  let told = '';
  let best = 0;

  function line(text: string): void {
    const status = /^<host [^>]*><status state="(up|down)"/.exec(text);
    if (status !== null) {
      state = status[1];
    } else if (text === '</host>') hostDone();
    else if (text.startsWith('<hosthint>')) hints++;
    else task(/^<task(begin|progress|end) task="([^"]*)"(?:.*? percent="([\d.]+)")?/.exec(text));
  }

  function hostDone(): void {
    discovered = true;
    hostsDone++;
    if (state === 'up') hostsUp++;
    group = 0;
  }

  function task(match: RegExpExecArray | null): void {
    if (match === null) return;
    const done = match[1] === 'end' ? 1 : Number(match[3] ?? 0) / 100;
    const name = match[2] ?? '';
    if (/ping|dns/i.test(name)) discovery = Math.max(discovery, done);
    else {
      discovered = true;
      const service = /service|nse/i.test(name);
      const share = service ? PORTS_SHARE + (1 - PORTS_SHARE) * done : done * (versions ? PORTS_SHARE : 1);
      group = Math.max(group, share);
    }
  }

  function percent(): number {
    if (!discovered) return DISCOVERY_PERCENT * discovery;
    const up = hints > 0 ? Math.max(hints, hostsUp) : Math.max(hostsUp, hostsTotal - hostsDone + hostsUp);
    const scanned = up === 0 ? 1 : (hostsUp + group * Math.min(up - hostsUp, GROUP)) / up;
    return DISCOVERY_PERCENT + (100 - DISCOVERY_PERCENT) * Math.min(1, scanned);
  }

  return {
    push(chunk) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const text of lines) line(text);
      best = Math.max(best, Math.min(99, Math.floor(percent())));
      const progress = { hostsDone: Math.min(hostsDone, hostsTotal), hostsUp: Math.max(hostsUp, hints), percent: best };
      const now = JSON.stringify(progress);
      if (now === told) return;
      told = now;
      onProgress(progress);
    },
  };
}
