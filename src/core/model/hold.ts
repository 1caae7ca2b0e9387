import type { ExpectedChange } from '../network/expected-change.ts';
import type { DeltaKind } from './delta-kinds.ts';
import type { Protocol } from './observation.ts';
import type { PrincipalKey } from './principal.ts';
import type { When } from './schedule.ts';

/** What a mute covers; every field given must match. */
export type MuteMatch = {
  groupId?: number;
  address?: string;
  /** `10.0.0.0/24` or `10.0.0.1-50`. */
  subnet?: string;
  protocol?: Protocol;
  port?: number;
  kind?: DeltaKind;
};

/** Deltas recorded but not announced, until `until` (epoch ms). */
export type Mute = {
  id: number;
  /** As typed: `10.0.0.5:22/tcp`, `lab/host-down`. */
  what: string;
  match: MuteMatch;
  from: number;
  until: number;
  reason?: string;
  createdBy: PrincipalKey;
  byName: string;
  /** Set when it has ended and its summary has been posted. */
  endedAt?: number;
};

/** A maintenance window of one group: once (`at`) or by cron. */
export type MaintenanceWindow = {
  id: number;
  groupId: number;
  phrase: string;
  when: { type: 'once'; at: number } | When;
  zone: string;
  durationMs: number;
  reason?: string;
  createdBy: PrincipalKey;
  byName: string;
  createdAt: number;
  /** End of the last opening whose summary has been posted, epoch ms. */
  toldUntil?: number;
};

/** An approved change announced beforehand. */
export type Expectation = {
  id: number;
  groupId: number;
  what: ExpectedChange;
  /** `once`: one scan uses it up, whatever it brings; `until`: everything that matches until then. */
  lasts: 'once' | 'until';
  until: number;
  reason?: string;
  ticket?: string;
  createdBy: PrincipalKey;
  byName: string;
  createdAt: number;
  status: 'waiting' | 'came' | 'missing' | 'removed';
  /** The first delta that matched it. */
  deltaId?: number;
};
