import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export type Run = { code: number | null; cpuSeconds: number; peakMb: number };

/** Runs a command and measures it; the same for ours and for a peer. */
const MEASURE = `import os, resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)`;

/** Processor time, user and system: on a shared machine it says more than the clock. */
export async function measuredRun(command: readonly string[]): Promise<Run> {
  const child = spawn('python3', ['-c', MEASURE, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([child.stdout instanceof Readable ? text(child.stdout) : '', once(child, 'close')]);
  const [code = Number.NaN, cpuSeconds = Number.NaN, peakMb = Number.NaN] = said.trim().split(' ').map(Number);
  return { code, cpuSeconds, peakMb };
}

/** Of an odd number of runs, by processor time. */
export async function medianRun(command: readonly string[], times: number): Promise<Run> {
  const runs: Run[] = [];
  for (let run = 0; run < times; run++) runs.push(await measuredRun(command));
  runs.sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const median = runs[times >> 1];
  if (median === undefined) throw new RangeError('run it at least once');
  return median;
}
