import { closeSync, openSync, readSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { mkdtemp, open, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the hosts of a run can be read again. */
export type SliceSource = {
  /** The position at which it can be read again. */
  keep(slice: { bytes: Buffer; offset: number }): number;
  read(at: number, length: number): Buffer;
  close(): void;
};

const GZIP = [0x1f, 0x8b];

/** The file itself if it is plain; a gzip, or the content of a pipe, is written to a temporary file without a name. */
export async function sliceSource(path: string): Promise<SliceSource> {
  if (await isPlainFile(path)) {
    const file = openSync(path, 'r');
    return { keep: ({ offset }) => offset, ...readerOf(file) };
  }
  const directory = await mkdtemp(join(tmpdir(), 'netdelta-'));
  const name = join(directory, 'hosts');
  const file = openSync(name, 'wx+', 0o600);
  unlinkSync(name);
  await rmdir(directory);
  let size = 0;
  return {
    keep({ bytes }) {
      const at = size;
      size += writeSync(file, bytes, 0, bytes.length, at);
      return at;
    },
    ...readerOf(file),
  };
}

function readerOf(file: number): Pick<SliceSource, 'read' | 'close'> {
  return {
    read(at, length) {
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, at);
      return bytes;
    },
    close: () => closeSync(file),
  };
}

async function isPlainFile(path: string): Promise<boolean> {
  if (!statSync(path).isFile()) return false;
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    return !GZIP.every((byte, index) => buffer[index] === byte);
  } finally {
    await file.close();
  }
}
