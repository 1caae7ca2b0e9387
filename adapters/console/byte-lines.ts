/** Longer lines are cut: the grammar refuses them anyway, and says how long they were at least. */
const MAX_LINE_BYTES = 1_100_000;

const LINE_FEED = 0x0a;

/** Splits a byte stream into lines. Invalid UTF-8 becomes U+FFFD, which the grammar refuses with an explanation. */
export async function* byteLines(input: AsyncIterable<Buffer | string>): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  const keep = (part: Buffer) => {
    if (length < MAX_LINE_BYTES) parts.push(part.subarray(0, MAX_LINE_BYTES - length));
    length += part.length;
  };
  const take = () => {
    const line = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      keep(bytes.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(bytes.subarray(start));
  }
  if (length > 0) yield take();
}
