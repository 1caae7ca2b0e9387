import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export type Measured = { code: number | null; stdout: string; stderr: string; peakMb: number };

/** Writes the process's own highest resident size to its fourth descriptor when it ends. */
const REPORT = `import { writeSync } from 'node:fs';
process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`;

/** Runs the built program; `peakMb` is its total memory, threads included. */
export async function peakMemory(args: readonly string[]): Promise<Measured> {
  const report = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const child = spawn(process.execPath, ['--import', report, 'dist/src/main.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [stdout = '', stderr = '', kilobytes = ''] = await Promise.all(
    [1, 2, 3].map((descriptor) => {
      const stream = child.stdio[descriptor];
      return stream instanceof Readable ? text(stream) : '';
    }),
  );
  await ended;
  return { code: child.exitCode, stdout, stderr, peakMb: Number(kilobytes) / 1024 };
}
