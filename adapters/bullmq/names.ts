/** Everything NetDelta keeps in Redis starts with it. BullMQ's own keys are `netdelta:QUEUE:…`. */
export const PREFIX = 'netdelta';

export const JUDGE_QUEUE = 'judge';

/** A queue's name may not contain `:`; a site's name is the user's. */
export const chunkQueue = (site: string) => `scan-${encodeURIComponent(site)}`;

/** A job id may be no integer and may not contain `:`. */
export const scanJobId = (scanId: number) => `scan-${scanId}`;
export const chunkJobId = (scanId: number, chunk: number) => `scan-${scanId}-chunk-${chunk}`;

/** The chunk of a child's key `netdelta:scan-SITE:scan-12-chunk-3`. */
export function chunkOfKey(key: string): number {
  return Number(/-chunk-(\d+)$/.exec(key)?.[1] ?? Number.NaN);
}

/** The site of the same key; undefined when it is none. */
export function siteOfKey(key: string): string | undefined {
  const site = /^[^:]+:scan-([^:]*):/.exec(key)?.[1];
  return site === undefined ? undefined : decodeURIComponent(site);
}

export const KEYS = {
  /** Set of the sites that ever had a worker or a scan. */
  sites: `${PREFIX}:sites`,
  /** The NetDelta whose scans these are. */
  instance: `${PREFIX}:instance`,
  /** What a scan may ask now; see permits.ts. */
  permit: (scanId: number) => `${PREFIX}:permit:${scanId}`,
  /** Exists while a scan is to end; sealed. */
  cancel: (scanId: number) => `${PREFIX}:cancel:${scanId}`,
  /** Exists once the scan's first chunk has started; sealed. */
  started: (scanId: number) => `${PREFIX}:started:${scanId}`,
  /** Set of the chunks whose result is in the database. */
  staged: (scanId: number) => `${PREFIX}:staged:${scanId}`,
  /** gzip of nmap's XML. */
  result: (scanId: number, chunk: number, attempt: number) => `${PREFIX}:result:${scanId}:${chunk}:${attempt}`,
};

/** What is kept of a scan beside its jobs and results. */
export const keysOfScan = (scanId: number) => [
  KEYS.permit(scanId),
  KEYS.cancel(scanId),
  KEYS.started(scanId),
  KEYS.staged(scanId),
];

export const CHANNELS = {
  /** What workers tell; see messages.ts. */
  news: `${PREFIX}:news`,
  /** The id of a scan of which the permit or the cancellation is another now. */
  orders: `${PREFIX}:orders`,
};

/** What outlives a scan only by accident goes after this, seconds. Longer than a bot may be away from a full queue. */
export const KEEP_S = 7 * 24 * 3600;
