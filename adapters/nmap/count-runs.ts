import { statSync } from 'node:fs';
import { xmlBytes } from './xml-bytes.ts';

const ROOT = Buffer.from('<nmaprun');

/**
 * How many runs a file holds at most (nmap's `--append-output`); at least 1. A pipe can only be read once, so its first
 * run counts.
 */
export async function countRuns(path: string): Promise<number> {
  if (!statSync(path).isFile()) return 1;
  let count = 0;
  let tail: Uint8Array = new Uint8Array(0);
  for await (const bytes of xmlBytes({ path })) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const seam = Buffer.concat([tail, chunk.subarray(0, ROOT.length - 1)]);
    count += countIn(seam) + countIn(chunk);
    const before = chunk.length < ROOT.length ? seam : chunk;
    tail = Buffer.from(before.subarray(Math.max(0, before.length - ROOT.length + 1)));
  }
  return Math.max(1, count);
}

function countIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(ROOT); at !== -1; at = bytes.indexOf(ROOT, at + ROOT.length)) count++;
  return count;
}
