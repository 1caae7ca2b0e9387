import { statSync } from 'node:fs';
import { xmlBytes } from './xml-bytes.ts';

const ROOT = Buffer.from('<nmaprun');

/**
 * How many runs a file holds at most (nmap's `--append-output`); at least 1. What comes through a pipe can be read once
 * only, so of that the first run counts.
 */
export async function countRuns(path: string): Promise<number> {
  if (!statSync(path).isFile()) return 1;
  let count = 0;
  let tail: Uint8Array = new Uint8Array(0);
  for await (const bytes of xmlBytes({ path })) {
    const joined = Buffer.concat([tail, bytes]);
    for (let at = joined.indexOf(ROOT); at !== -1; at = joined.indexOf(ROOT, at + ROOT.length)) count++;
    tail = joined.subarray(Math.max(0, joined.length - ROOT.length + 1));
  }
  return Math.max(1, count);
}
