/** Work that only one of several bots on one database does at a time. */
export type LeaseStore = {
  /**
   * Takes or renews the lease for `forMs` from `now`; false while another bot holds it. A lease that reaches further
   * ahead than it could (the clock was set) does not count. `force`: its holder is known to be dead.
   */
  take(name: string, holder: string, options: { now: number; forMs: number; force?: boolean }): Promise<boolean>;
  /** Deletes leases that had expired at `before`. */
  prune(before: number): Promise<void>;
  /** Gives it back, if it is this holder's. */
  release(name: string, holder: string): Promise<void>;
};
