import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import type { XmlSource } from './xml-messages.ts';

const CHUNK = 256 * 1024;

/**
 * The XML of a source in chunks, unpacked if its first two bytes are gzip's, never more than a few chunks at a time. A
 * chunk is only valid until the next one is asked for.
 */
export async function* xmlBytes(source: XmlSource): AsyncGenerator<Uint8Array, void, undefined> {
  const raw = 'path' in source ? fileBytes(source.path) : slices(source.data);
  // Iterated by hand: leaving a `for await` would close the source.
  const first: Uint8Array[] = [];
  for (let size = 0; size < 2; ) {
    const next = await raw.next();
    if (next.done === true) break;
    first.push(Buffer.from(next.value));
    size += next.value.length;
  }
  const start = Buffer.concat(first);
  const all = rejoined(start, raw);
  if (start[0] === 0x1f && start[1] === 0x8b) yield* unpacked(all);
  else yield* all;
}

/** One buffer for all of it: a new one for each chunk would make the collector of garbage run all the time. */
async function* fileBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** For who keeps a chunk while the next one is read. */
async function* copied(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of bytes) yield Buffer.from(chunk);
}

async function* slices(data: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < data.length; at += CHUNK) yield data.subarray(at, at + CHUNK);
}

async function* rejoined(
  start: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (start.length > 0) yield start;
  yield* rest;
}

/** A truncated gzip yields what it contains; the XML in it then ends early, which is reported. */
async function* unpacked(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  const input = Readable.from(copied(bytes), { objectMode: false, highWaterMark: CHUNK });
  input.on('error', (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip);
  } finally {
    input.destroy();
  }
}
