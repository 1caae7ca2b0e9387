import { createTextDecoder } from '../../core/nmap-xml/encoding.ts';

/** The declaration of a document's encoding comes before its first element. */
const HEAD_BYTES = 64 * 1024;
const ROOT = '<nmaprun';
const ENCODING = /(<\?xml\s[^>]{0,200}?)encoding\s*=\s*["'][\w.:-]{1,40}["']/g;

/**
 * Splits a file of appended runs into one document per run, in UTF-8: the evidence of each is judged by itself. Text
 * before the first run stays with it. Throws MarkupError for an unknown encoding.
 */
export function splitRuns(data: Buffer): Buffer[] {
  const bytes = inUtf8(data);
  const starts: number[] = [];
  for (let at = bytes.indexOf(ROOT); at >= 0; at = bytes.indexOf(ROOT, at + 1)) starts.push(at);
  if (starts.length < 2) return [bytes];
  return starts.map((start, index) => bytes.subarray(index === 0 ? 0 : start, starts[index + 1] ?? bytes.length));
}

function inUtf8(data: Buffer): Buffer {
  const decoder = createTextDecoder();
  const isWhole = data.length <= HEAD_BYTES;
  const head = decoder.text(data.subarray(0, HEAD_BYTES), isWhole);
  if (decoder.isUtf8()) return data;
  const text = isWhole ? head : head + decoder.text(data.subarray(HEAD_BYTES), true);
  return Buffer.from(text.replace(ENCODING, '$1'));
}
