/**
 * A host as bytes of a document, from `<host` to `</host>`. If they are the same byte for byte, nothing has changed,
 * and the host need not be parsed.
 */
export type HostSlice = {
  bytes: Buffer;
  /** Offset of its first byte in the unpacked document. */
  offset: number;
};

/** Longer ones are read tag by tag. */
export const MAX_SLICE = 256 * 1024;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const START = ascii('<host');
const END = ascii('</host>');
const TASK = ascii('<task');
const [SPACE, TAB, LINE_FEED, RETURN, GREATER, LESS] = [0x20, 0x09, 0x0a, 0x0d, 0x3e, 0x3c];
const [EXCLAMATION, QUESTION] = [0x21, 0x3f];

/** Index of the next place at or after `from` where a host may begin, or -1. */
export function nextHost(buffer: Buffer, from: number): number {
  return buffer.indexOf(START, from);
}

/** Bytes at the end of a buffer that may be the beginning of a host. */
export const HOST_START_LENGTH = START.length;

/** Index of the host that comes next, after white space; undefined when something else does. */
export function hostAt(buffer: Buffer, from: number): number | undefined {
  let at = from;
  while (isSpace(buffer[at])) at++;
  if (buffer[at] !== LESS || !START.every((code, index) => buffer[at + index] === code)) return undefined;
  const next = buffer[at + START.length];
  return next === GREATER || isSpace(next) ? at : undefined;
}

/** Index after the host that begins at `start`, or -1 when its end is missing. */
export function endOfHost(buffer: Buffer, start: number): number {
  const end = buffer.indexOf(END, start);
  return end === -1 ? -1 : end + END.length;
}

/**
 * One whole host: elements and text only, no comments, CDATA, processing instructions or progress reports in it. The
 * slice ends with the first `</host>` in it, or has none.
 */
export function isPlain(slice: Buffer): boolean {
  const end = slice.length - END.length;
  if (end < 0 || slice.length > MAX_SLICE || slice.lastIndexOf(END) !== end) return false;
  if (opens(slice, EXCLAMATION) || opens(slice, QUESTION) || slice.includes(TASK)) return false;
  for (let at = slice.indexOf(START, 1); at !== -1; at = slice.indexOf(START, at + 1)) {
    const next = slice[at + START.length];
    if (next === SPACE || next === GREATER) return false;
  }
  return true;
}

/** Whether a tag begins with this character, which is rarer than `<`. */
function opens(slice: Buffer, code: number): boolean {
  for (let at = slice.indexOf(code); at !== -1; at = slice.indexOf(code, at + 1)) {
    if (slice[at - 1] === LESS) return true;
  }
  return false;
}

const EXTRA_PORTS = ascii('<extraports');
const PORT_LIST = ascii(' ports="');
/** Of a port. A service may well be called so. */
const UNKNOWN = ascii('state="unknown"');
/** Of a name that the user asked for. */
const ASKED_NAME = ascii('type="user"');

/** Nothing in it is skipped or counted by its readers, so the run's remarks need no repetition. */
export function isRegular(slice: Buffer): boolean {
  return !slice.includes(UNKNOWN) && (!slice.includes(EXTRA_PORTS) || slice.includes(PORT_LIST));
}

/** It was scanned by name. */
export function wasNamed(slice: Buffer): boolean {
  return slice.includes(ASKED_NAME);
}

function isSpace(code: number | undefined): boolean {
  return code === SPACE || code === LINE_FEED || code === RETURN || code === TAB;
}

const ADDRESS = ascii('<address addr="');
const STATUS = ascii('<status ');
const QUOTE = 0x22;

/** The first address of a plain host, as written. */
export function addressIn(slice: Buffer): string | undefined {
  const at = slice.indexOf(ADDRESS);
  if (at === -1) return undefined;
  const end = slice.indexOf(QUOTE, at + ADDRESS.length);
  return end === -1 ? undefined : slice.toString('latin1', at + ADDRESS.length, end);
}

/** The `<status …>` of a plain host, as written; empty when it has none. */
export function statusIn(slice: Buffer): string {
  const at = slice.indexOf(STATUS);
  return at === -1 ? '' : slice.toString('latin1', at, slice.indexOf(GREATER, at) + 1);
}

const PORTS_END = ascii('</ports>');
/** Times of the scan and measurements of the path: they differ from scan to scan and are not about the host. */
const TIMES = /\s(?:starttime|endtime)="\d*"/g;
const MEASURED = /<(?:times|uptime|distance|tcpsequence|ipidsequence|tcptssequence)\s[^<>]*\/>\s*/g;

/** The parts of a plain host's bytes that matter: two scans in which they are equal saw the same. */
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

/** For the part of a host before its ports. */
export const withoutTimes = (text: string): string => text.replace(TIMES, '');

/** For the part of a host after its ports. */
export const withoutMeasurements = (text: string): string => text.replace(MEASURED, '');
