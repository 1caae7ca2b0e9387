/** What only one of several bots on one database does at a time. */
export type LeaseStore = {
  /**
   * Takes or renews the lease for `forMs` from `now`; false while another holds it. One that reaches further ahead than it
   * could (a clock that was set) is none. `force`: its holder is known to be dead.
   */
  take(name: string, holder: string, options: { now: number; forMs: number; force?: boolean }): Promise<boolean>;
  /** Forgets those that were over at `before`. */
  prune(before: number): Promise<void>;
  /** Gives it back, if it is this holder's. */
  release(name: string, holder: string): Promise<void>;
};
