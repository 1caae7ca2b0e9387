import type { Scan } from './scan.ts';

/** What happened to a run that was made elsewhere. */
export type Imported = {
  file: string;
  at: number;
  /** The scan that it was judged as. */
  scan?: Scan;
  /** Why it was not judged: it was imported before, or covers no address. */
  unused?: 'known' | 'empty';
  /** Addresses it covers, hosts up, and open ports on them. */
  counts: { addresses: bigint; up: number; open: number };
  /** What could not be used, counted and with examples. */
  remarks: readonly string[];
};
