import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import type { XmlSource } from './xml-messages.ts';

const CHUNK = 256 * 1024;

/** The XML of a source in chunks, unpacked if it is gzip by its first two bytes, never more than a few chunks at a time. */
export async function* xmlBytes(source: XmlSource): AsyncGenerator<Uint8Array, void, undefined> {
  const raw = 'path' in source ? fileBytes(source.path) : slices(source.data);
  // By hand: leaving a `for await` would close the source.
  const first: Uint8Array[] = [];
  for (let size = 0; size < 2; ) {
    const next = await raw.next();
    if (next.done === true) break;
    first.push(next.value);
    size += next.value.length;
  }
  const start = Buffer.concat(first);
  const all = rejoined(start, raw);
  if (start[0] === 0x1f && start[1] === 0x8b) yield* unpacked(all);
  else yield* all;
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield* createReadStream(path, { highWaterMark: CHUNK });
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

/** A gzip that was cut off gives what it has; the XML in it then ends early, which is told. */
async function* unpacked(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK, finishFlush: constants.Z_SYNC_FLUSH });
  const input = Readable.from(bytes, { objectMode: false, highWaterMark: CHUNK });
  input.on('error', (error) => gunzip.destroy(error));
  try {
    yield* input.pipe(gunzip);
  } finally {
    input.destroy();
  }
}
