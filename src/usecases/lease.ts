import type { Clock } from '../ports/clock.ts';
import type { LeaseStore } from '../ports/store.ts';

/** Whether this bot is currently the one in charge. */
export type Lease = { isMine(): Promise<boolean>; release(): Promise<void> };

const LEASE_MS = 30_000;

/** Held as long as it is renewed; another bot takes it over when this one has been silent for half a minute. */
export function createLease(deps: {
  leases: LeaseStore;
  clock: Clock;
  /** Monotonic time, ms. */
  elapsed(): number;
  name: string;
  holder: string;
  /** No other bot of this database is connected, so any earlier holder is dead. */
  alone: boolean;
}): Lease {
  const { leases, clock, elapsed, name, holder } = deps;
  let renewAt = Number.NEGATIVE_INFINITY;
  let force = deps.alone;
  return {
    async isMine() {
      const asked = elapsed();
      if (asked < renewAt) return true;
      const taken = await leases.take(name, holder, { now: clock.now(), forMs: LEASE_MS, force });
      force = false;
      renewAt = taken ? asked + LEASE_MS / 2 : Number.NEGATIVE_INFINITY;
      return taken;
    },
    async release() {
      renewAt = Number.NEGATIVE_INFINITY;
      await leases.release(name, holder);
    },
  };
}
