import type { ChannelRef, PrincipalKey, Role } from '../../core/model/principal.ts';
import type { Page, Paged } from './paging.ts';

export type RoleGrant = { who: PrincipalKey; role: Role; grantedBy: PrincipalKey; grantedAt: number };

export type RoleStore = {
  grant(grant: RoleGrant): Promise<void>;
  revoke(who: PrincipalKey): Promise<boolean>;
  list(): Promise<RoleGrant[]>;
};

export type AuditEntry = {
  id: number;
  at: number;
  who: PrincipalKey;
  name: string;
  channel: ChannelRef;
  /** The full request, control characters and secrets removed. */
  request: string;
  /** `begun`: written before the action; the entry with its result refers to it. */
  outcome: 'begun' | 'ok' | 'refused' | 'failed';
  detail?: string;
  /** `read`: it could not change anything. */
  kind?: 'deed' | 'read';
  /** What was before and after, as JSON. */
  change?: string;
  /** The entry that was written before the action. */
  answers?: number;
};

/** `broken`: an entry was changed, added or removed; `cut`: the newest are missing. */
export type AuditVerdict = { entries: number } & (
  | { state: 'whole'; head: string }
  | { state: 'broken'; at: number }
  | { state: 'cut'; after: number }
);

export type AuditStore = {
  /** Append-only; returns its id. */
  add(entry: Omit<AuditEntry, 'id'>): Promise<number>;
  /** Newest first, an action whose result is recorded counts once; `reads: false` leaves out entries that only read. */
  list(filter: { since?: number; who?: string; reads?: boolean }, page: Page): Promise<Paged<AuditEntry>>;
  verify(): Promise<AuditVerdict>;
  /** Removes entries older than that; the rest can still be verified. */
  prune(before: number): Promise<number>;
};
