/** Everything NetDelta keeps in Redis starts with it. BullMQ's own keys are `netdelta:QUEUE:…`. */
export const PREFIX = 'netdelta';

/**
 * The version of all these names and what is stored under them. A queue of another layout is emptied at the start: SQL
 * has its content.
 */
export const LAYOUT = 2;

/**
 * A scan, and the site whose workers may report on it: Redis gives a worker's user access to the keys of its own site
 * only.
 */
export type SiteScan = { site: string; scanId: number };

/** A queue's name may not contain `:`; a site's name is chosen by the user. */
const inNames = (site: string) => encodeURIComponent(site);

export const chunkQueue = (site: string) => `scan-${inNames(site)}`;

/** One per site: a worker must be able to write to its parents' queue, and may not write to another site's. */
export const judgeQueue = (site: string) => `judge-${inNames(site)}`;

/** The site of a queue of chunks; undefined for any other queue. */
export function siteOfQueue(name: string): string | undefined {
  const site = /^scan-([^:]+)$/.exec(name)?.[1];
  try {
    return site === undefined ? undefined : decodeURIComponent(site);
  } catch {
    return undefined;
  }
}

export const isJudgeQueue = (name: string) => /^judge(-|$)/.test(name);

/** A job id may not be an integer and may not contain `:`. */
export const scanJobId = (scanId: number) => `scan-${scanId}`;
export const chunkJobId = (scanId: number, chunk: number) => `scan-${scanId}-chunk-${chunk}`;

/** The chunk of a child's key `netdelta:scan-SITE:scan-12-chunk-3`. */
export function chunkOfKey(key: string): number {
  return Number(/-chunk-(\d+)$/.exec(key)?.[1] ?? Number.NaN);
}

const keyOf = (kind: string, { site, scanId }: SiteScan) => `${PREFIX}:${kind}:${inNames(site)}:${scanId}`;

export const KEYS = {
  /** Set of the sites that ever had a scan or a group; only bots write it. */
  sites: `${PREFIX}:sites`,
  /** The NetDelta instance that owns these scans. */
  instance: `${PREFIX}:instance`,
  /** Sealed with the key of the site; see key-proof.ts. Under names that a worker's user may read and write. */
  proof: (site: string) => `${PREFIX}:permit:${inNames(site)}:key`,
  refused: (site: string) => `${PREFIX}:started:${inNames(site)}:refused`,
  /** What a scan may cover now; see permits.ts. */
  permit: (scan: SiteScan) => keyOf('permit', scan),
  /** Exists while a scan is to end; sealed. */
  cancel: (scan: SiteScan) => keyOf('cancel', scan),
  /** Exists once the scan's first chunk has started; sealed. */
  started: (scan: SiteScan) => keyOf('started', scan),
  /** Set of the chunks whose result is in the database. */
  staged: (scan: SiteScan) => keyOf('staged', scan),
  /** Hash of chunk results, by number; sealed. See chunk-results.ts. */
  ended: (scan: SiteScan) => keyOf('ended', scan),
  /** gzip of nmap's XML. */
  result: (scan: SiteScan, chunk: number, attempt: number) => `${keyOf('result', scan)}:${chunk}:${attempt}`,
};

/** What is stored about a scan in addition to its jobs and results. */
export const keysOfScan = (scan: SiteScan) => [
  KEYS.permit(scan),
  KEYS.cancel(scan),
  KEYS.started(scan),
  KEYS.staged(scan),
  KEYS.ended(scan),
];

export const CHANNELS = {
  /** Reports from workers; see messages.ts. */
  news: `${PREFIX}:news`,
  /** The id of a scan whose permit or cancellation has changed. */
  orders: `${PREFIX}:orders`,
};

/**
 * Data that outlives a scan only by accident expires after this, seconds. Longer than a bot may be away from a full
 * queue.
 */
export const KEEP_S = 7 * 24 * 3600;
