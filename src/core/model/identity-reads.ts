import {
  formatRanges,
  inRanges,
  mergeRanges,
  type RangeSet,
  readRanges,
  subtractRanges,
} from '../network/range-set.ts';

/** When the identities of some of a host's open TCP ports were last read. */
export type IdentityRead = {
  /** As `22,80-90`. */
  tcp: string;
  /** When the scan that read them was requested, epoch ms: scans of a schedule are as far apart as its runs. */
  askedAt: number;
  /** When it was judged, epoch ms: on the same clock as the `since` of a service. */
  at: number;
  /** From which site; absent in the first records of this kind. */
  site?: string;
};

/** A host whose ports were read at ever different times; the oldest are then read again a little early. */
const MOST = 32;
const LAST_PORT = 65_535;

/** Each port is only in the read that is its latest; newest first. */
export function withRead(reads: readonly IdentityRead[], newest: IdentityRead): IdentityRead[] {
  const fresh = readRanges(newest.tcp);
  const older = reads.flatMap((read) => {
    const left = subtractRanges(readRanges(read.tcp), fresh);
    return left.length === 0 ? [] : [{ ...read, tcp: formatRanges(left) }];
  });
  return [newest, ...older].slice(0, MOST);
}

/** The read in which a port was last identified. */
export function readOf(reads: readonly IdentityRead[], port: number): IdentityRead | undefined {
  return reads.find(({ tcp }) => inRanges(readRanges(tcp), port));
}

const TCP_RANGES = /^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/;

/** Ports as somebody else wrote them; undefined unless they are the text of a set. */
export function checkedPorts(text: string): RangeSet<number> | undefined {
  if (!TCP_RANGES.test(text)) return undefined;
  const ranges = readRanges(text);
  const isIn = ranges.every(([first, last]) => first >= 1 && first <= last && last <= LAST_PORT);
  return isIn && mergeRanges(ranges) === ranges ? ranges : undefined;
}
