import type { Socket } from 'node:net';
import { UserError } from '../../src/core/errors.ts';

/** More than the largest card with its attached file; a peer that sends more is not NetDelta. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** The bytes of an attached file, which JSON can't express. */
type Bytes = { $bytes: string };

/** One JSON value on the wire: its length in four bytes, big-endian, then UTF-8. Bytes are encoded as base64. */
export function frameOf(value: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(value, replaceBytes), 'utf8');
  if (body.length > MAX_FRAME_BYTES) {
    throw new UserError(`${Math.ceil(body.length / 1024 / 1024)} MB are too long for the socket to the bot.`, {
      hint: 'Ask for less at once, or stop the bot and run the same command again: it then needs no socket.',
    });
  }
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The received values, until the other side closes. Throws on an invalid frame. */
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

/** `JSON.stringify` passes the result of a Buffer's `toJSON`: the value itself is in its holder. */
function replaceBytes(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = typeof this === 'object' && this !== null ? Reflect.get(this, key) : undefined;
  if (!(original instanceof Uint8Array)) return value;
  return { $bytes: Buffer.from(original).toString('base64') } satisfies Bytes;
}

function reviveBytes(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value;
  return Buffer.from(String(value.$bytes), 'base64');
}
