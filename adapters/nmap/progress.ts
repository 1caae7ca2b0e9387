import type { ScanPhase } from '../../src/core/model/scan.ts';
import type { ScanProgress } from '../../src/ports/scanner.ts';

/** nmap's lines are short, except for banners and scripts, which don't show progress. */
const MAX_LINE = 64 * 1024;

/**
 * Progress from nmap's XML as it is written. The percentage is based only on hosts that are done: nmap's own figure is
 * about one task of one batch of hosts, and falls back to 0 with the next, so it is reported as that step's progress.
 * Reported progress never goes back.
 */
export function createProgress(options: { hostsTotal: number; onProgress: (progress: ScanProgress) => void }): {
  push(chunk: Buffer): void;
} {
  const { hostsTotal, onProgress } = options;
  let rest = '';
  let hints = 0;
  let hostsDone = 0;
  let upDone = 0;
  let state: string | undefined;
  let phase: ScanPhase | undefined;
  let step: number | undefined;
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
    hostsDone++;
    if (state === 'up') upDone++;
    step = undefined;
  }

  function task(match: RegExpExecArray | null): void {
    if (match === null) return;
    phase = phaseOf(match[2] ?? '', phase);
    step = match[3] === undefined ? undefined : Math.min(99, Math.floor(Number(match[3])));
  }

  /** Out of the addresses that nmap has looked for: a silent one is done at once, one that is up when its ports are. */
  function percent(): number {
    const known = hostsDone + Math.max(0, hints - upDone);
    const scanned = hints === 0 ? 1 : Math.min(1, upDone / hints);
    return hostsTotal === 0 ? 0 : 100 * Math.min(1, known / hostsTotal) * scanned;
  }

  return {
    push(chunk) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const text of lines) line(text);
      best = Math.max(best, Math.min(99, Math.floor(percent())));
      const progress: ScanProgress = {
        ...{ hostsDone: Math.min(hostsDone, hostsTotal), hostsUp: Math.max(upDone, hints), upDone, percent: best },
        ...(phase === undefined ? {} : { phase }),
        ...(step === undefined ? {} : { step }),
      };
      const now = JSON.stringify(progress);
      if (now === told) return;
      told = now;
      onProgress(progress);
    },
  };
}

/** By nmap's names of its tasks. Scripts also run before host discovery, where they show nothing. */
function phaseOf(task: string, before: ScanPhase | undefined): ScanPhase | undefined {
  if (/ping|dns/i.test(task)) return 'discovery';
  if (/^nse|script/i.test(task)) return before === undefined || before === 'discovery' ? before : 'versions';
  return /^service/i.test(task) ? 'versions' : 'ports';
}
