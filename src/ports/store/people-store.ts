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
  /** What was asked, at most 500 characters, control characters removed. */
  request: string;
  outcome: 'ok' | 'refused' | 'failed';
  detail?: string;
};

export type AuditStore = {
  add(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  list(filter: { since?: number; who?: string }, page: Page): Promise<Paged<AuditEntry>>;
};
