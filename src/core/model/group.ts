import { DAY_MS } from '../time/units.ts';
import type { Policy } from './policy.ts';
import type { ChannelRef, PrincipalKey } from './principal.ts';
import type { Risk } from './scales.ts';

export const MAX_GROUP_NAME = 64;

/** Who is pinged, and from which risk; `owner`: the owner of the host. `tag`: only for hosts with that tag. */
export type Notify = { who: string; from: Risk; tag?: string };

/** How long until somebody is reminded of an unanswered change, ms (0: never), and from which risk. */
export type Remind = { afterMs: number; from: Risk };

/** What a user configures; targets as typed (validated, canonical spelling), in order. */
export type GroupSpec = {
  name: string;
  targets: readonly string[];
  exclude: readonly string[];
  /** Profile name, see profile.ts. */
  profile: string;
  /** Port list that replaces the profile's, e.g. `22,80,443,U:53`. */
  ports?: string;
  /** Worker pool that scans it. */
  site: string;
  /** Worker pool that confirms what is in doubt; the group's own when absent. */
  confirmSite?: string;
  channel?: ChannelRef;
  notify?: Notify;
  remind: Remind;
  /** Packets a second. */
  maxRate?: number;
  /** How long the version of a service counts as known, ms; absent: each scan reads all versions. */
  versionEveryMs?: number;
  /** Number of scans whose detail is kept. */
  retention: number;
  /** How late a missed schedule may still be made up, in ms. */
  catchUpMs: number;
  description?: string;
  /** Somebody that a chat knows (`slack:U0A`), or free text. */
  owner?: string;
  tags?: readonly string[];
  policy: Policy;
};

export type Group = GroupSpec & {
  id: number;
  status: 'active' | 'paused';
  createdBy: PrincipalKey;
  createdAt: number;
};

export const GROUP_DEFAULTS = {
  profile: 'standard',
  site: 'local',
  remind: { afterMs: DAY_MS, from: 'high' },
  retention: 100,
  catchUpMs: 3_600_000,
} as const;
