import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRuns } from '../../../adapters/nmap/count-runs.ts';
import { xmlBytes } from '../../../adapters/nmap/xml-bytes.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nd-bytes-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const CHUNK = 256 * 1024;
/** Poor to pack, so that packed it is several chunks, too. */
const CONTENT = randomBytes(5 * CHUNK + 17);

/** As its readers do: what they keep of a chunk, they copy before they ask for the next. */
async function read(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const bytes of xmlBytes({ path })) {
    chunks.push(Buffer.from(bytes));
    // Time in which a reader ahead of this one could overwrite what it was given.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return Buffer.concat(chunks);
}

describe('the bytes of a source are whole', () => {
  it('plain', async () => {
    const path = join(directory, 'plain');
    writeFileSync(path, CONTENT);
    expect((await read(path)).equals(CONTENT)).toBe(true);
  });

  it('gzipped', async () => {
    const path = join(directory, 'packed.gz');
    writeFileSync(path, gzipSync(CONTENT, { level: 1 }));
    expect((await read(path)).equals(CONTENT)).toBe(true);
  });

  it.each([
    ['plain', CONTENT],
    ['gzipped', gzipSync(CONTENT, { level: 1 })],
  ])('%s through a pipe that begins with a single byte', async (name, bytes) => {
    const pipe = join(directory, `pipe-${name}`);
    const file = join(directory, `of-pipe-${name}`);
    writeFileSync(file, bytes);
    execFileSync('mkfifo', [pipe]);
    const script = 'exec >"$2"; head -c 1 "$1"; sleep 0.2; tail -c +2 "$1"';
    spawn('sh', ['-c', script, 'write', file, pipe], { stdio: 'ignore' });
    expect((await read(pipe)).equals(CONTENT)).toBe(true);
  });
});

describe('runs in a file', () => {
  const ROOT = '<nmaprun>';

  it.each(Array.from({ length: ROOT.length + 2 }, (_, index) => index))(
    'are counted wherever a chunk ends (%i bytes into the second one)',
    async (inside) => {
      const path = join(directory, 'runs');
      const between = ' '.repeat(CHUNK - ROOT.length - inside);
      writeFileSync(path, `${ROOT}${between}${ROOT}${' '.repeat(CHUNK)}${ROOT}`);
      expect(await countRuns(path)).toBe(3);
    },
  );

  it('are at least one', async () => {
    const path = join(directory, 'none');
    writeFileSync(path, '');
    expect(await countRuns(path)).toBe(1);
  });
});
