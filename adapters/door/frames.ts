import type { Socket } from 'node:net';

/** More than the largest card with its attached file; whoever sends more is not NetDelta. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** What JSON has no word for: the bytes of an attached file. */
type Bytes = { $bytes: string };

/** One JSON value on the wire: its length in four bytes, big-endian, then UTF-8. Bytes travel as base64. */
export function frameOf(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value, replaceBytes), 'utf8');
  if (body.length > MAX_FRAME_BYTES) throw new Error(`a message of ${body.length} bytes is too long for the socket`);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The values that arrive, until the other side ends. Throws on what is no frame. */
export async function* readFrames(socket: Socket): AsyncGenerator<unknown, void, undefined> {
  let parts: Buffer[] = [];
  let held = 0;
  let wanted = LENGTH_BYTES;
  let inBody = false;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    parts.push(chunk);
    held += chunk.length;
    while (held >= wanted) {
      const all = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      const taken = all.subarray(0, wanted);
      const rest = all.subarray(wanted);
      parts = [rest];
      held = rest.length;
      if (inBody) yield JSON.parse(taken.toString('utf8'), reviveBytes);
      else if (taken.readUInt32BE() > MAX_FRAME_BYTES) throw new Error('a message is too long for the socket');
      wanted = inBody ? LENGTH_BYTES : taken.readUInt32BE();
      inBody = !inBody;
    }
  }
}

/** `JSON.stringify` hands over what `toJSON` has made of a Buffer: the value itself is in its holder. */
function replaceBytes(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : undefined;
  if (!(original instanceof Uint8Array)) return value;
  return { $bytes: Buffer.from(original).toString('base64') } satisfies Bytes;
}

function reviveBytes(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
  return Buffer.from(String(value.$bytes), 'base64');
}
