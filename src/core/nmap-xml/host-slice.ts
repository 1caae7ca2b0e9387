/**
 * A host as it stands in a document's bytes, from `<host` to `</host>`. What is the same byte for byte says the same, so
 * that it need not be parsed to know that nothing has changed.
 */
export type HostSlice = {
  bytes: Buffer;
  /** Of its first byte in the unpacked document. */
  offset: number;
};

/** Longer ones are read tag by tag. */
export const MAX_SLICE = 256 * 1024;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const START = ascii('<host');
const END = ascii('</host>');
/** What makes a slice more than elements and text, or more than one host. */
const IRREGULAR = ['<!', '<?', '<task', '<host ', '<host>'].map(ascii);
const [SPACE, TAB, LINE_FEED, RETURN, GREATER, LESS] = [0x20, 0x09, 0x0a, 0x0d, 0x3e, 0x3c];

/** Index of the next place at or after `from` where a host may begin, or -1. */
export function nextHost(buffer: Buffer, from: number): number {
  return buffer.indexOf(START, from);
}

/** Bytes at the end of a buffer that may be the beginning of a host's. */
export const HOST_START_LENGTH = START.length;

/** Index of the host that comes next but for white space; undefined when something else does. */
export function hostAt(buffer: Buffer, from: number): number | undefined {
  let at = from;
  while (isSpace(buffer[at])) at++;
  if (buffer[at] !== LESS || !START.every((code, index) => buffer[at + index] === code)) return undefined;
  const next = buffer[at + START.length];
  return next === GREATER || isSpace(next) ? at : undefined;
}

/** Index behind the host that begins at `start`, or -1 when its end is not there. */
export function endOfHost(buffer: Buffer, start: number): number {
  const end = buffer.indexOf(END, start);
  return end === -1 ? -1 : end + END.length;
}

/** One host, whole: elements and text only, no comments, CDATA, processing instructions or progress reports in it. */
export function isPlain(slice: Buffer): boolean {
  if (slice.length > MAX_SLICE || slice.indexOf(END) !== slice.length - END.length) return false;
  return IRREGULAR.every((mark) => slice.indexOf(mark, 1) === -1);
}

const EXTRA_PORTS = ascii('<extraports');
const PORT_LIST = ascii(' ports="');
const UNKNOWN = ascii('"unknown"');

/** Nothing in it is left out or counted by those who read it: what the run says of it need not be said again. */
export function isRegular(slice: Buffer): boolean {
  return !slice.includes(UNKNOWN) && (!slice.includes(EXTRA_PORTS) || slice.includes(PORT_LIST));
}

function isSpace(code: number | undefined): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}

const ADDRESS = ascii('<address addr="');
const STATUS = ascii('<status ');
const QUOTE = 0x22;

/** The first address of a plain host, as it is written. */
export function addressIn(slice: Buffer): string | undefined {
  const at = slice.indexOf(ADDRESS);
  if (at === -1) return undefined;
  const end = slice.indexOf(QUOTE, at + ADDRESS.length);
  return end === -1 ? undefined : slice.toString('latin1', at + ADDRESS.length, end);
}

/** The `<status …>` of a plain host, as it is written; empty when it has none. */
export function statusIn(slice: Buffer): string {
  const at = slice.indexOf(STATUS);
  return at === -1 ? '' : slice.toString('latin1', at, slice.indexOf(GREATER, at) + 1);
}

const PORTS_END = ascii('</ports>');
/** Times of the scan and measurements of the path: they differ from scan to scan and say nothing of the host. */
const TIMES = /\s(?:starttime|endtime)="\d*"/g;
const MEASURED = /<(?:times|uptime|distance|tcpsequence|ipidsequence|tcptssequence)\s[^<>]*\/>\s*/g;

/** The parts of a plain host's bytes that say something of it: two scans in which they are the same saw the same. */
export function essence(slice: Buffer): readonly (Buffer | string)[] {
  const tagEnd = slice.indexOf(GREATER) + 1;
  const portsEnd = slice.lastIndexOf(PORTS_END);
  const tail = portsEnd === -1 ? tagEnd : portsEnd;
  return [
    withoutTimes(slice.toString('latin1', 0, tagEnd)),
    slice.subarray(tagEnd, tail),
    withoutMeasurements(slice.toString('latin1', tail)),
  ];
}

/** Of the part of a host before its ports. */
export const withoutTimes = (text: string): string => text.replace(TIMES, '');

/** Of the part of a host behind its ports. */
export const withoutMeasurements = (text: string): string => text.replace(MEASURED, '');
