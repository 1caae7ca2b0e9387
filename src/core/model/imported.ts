import type { Scan } from './scan.ts';

/** What became of a run that was made elsewhere. */
export type Imported = {
  file: string;
  at: number;
  /** That judged it. */
  scan?: Scan;
  /** Why nothing was judged of it: it was imported before, or tells of no address. */
  unused?: 'known' | 'empty';
  /** Addresses it can speak of, hosts up, and open ports on them. */
  counts: { addresses: bigint; up: number; open: number };
  /** What of it could not be used, counted and with examples. */
  remarks: readonly string[];
};
