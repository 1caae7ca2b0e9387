/**
 * Reads a stream completely; undefined as soon as it turns out to hold more than `most` bytes. Leaving the loop closes
 * it.
 */
export async function gatherBytes(stream: AsyncIterable<Uint8Array>, most: number): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
