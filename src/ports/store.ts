import type { StorageTrouble } from '../core/errors.ts';
import type { ConfigurationStore } from './store/configuration-store.ts';
import type { DeltaStore } from './store/delta-store.ts';
import type { DigestStore } from './store/digest-store.ts';
import type { EventStore } from './store/event-store.ts';
import type { Figures } from './store/figures.ts';
import type { GroupStore } from './store/group-store.ts';
import type { HoldStore } from './store/hold-store.ts';
import type { LeaseStore } from './store/lease-store.ts';
import type { MessageStore } from './store/message-store.ts';
import type { AuditStore, RoleStore } from './store/people-store.ts';
import type { RecordStore } from './store/record-store.ts';
import type { ReportStore } from './store/report-store.ts';
import type { ScanStore } from './store/scan-store.ts';
import type { ScheduleStore } from './store/schedule-store.ts';
import type { StateStore } from './store/state-store.ts';

export type * from './store/configuration-store.ts';
export * from './store/delta-store.ts';
export type * from './store/digest-store.ts';
export type * from './store/event-store.ts';
export type * from './store/figures.ts';
export type * from './store/group-store.ts';
export type * from './store/hold-store.ts';
export * from './store/judgement-commit.ts';
export type * from './store/lease-store.ts';
export type * from './store/message-store.ts';
export type * from './store/paging.ts';
export type * from './store/people-store.ts';
export type * from './store/record-store.ts';
export type * from './store/report-store.ts';
export type * from './store/scan-store.ts';
export type * from './store/schedule-store.ts';
export type * from './store/state-store.ts';

/**
 * SQL is the source of truth. Names are unique without regard to case; ids are positive integers; times are epoch ms.
 */
export type Store = {
  groups: GroupStore;
  scans: ScanStore;
  schedules: ScheduleStore;
  configuration: ConfigurationStore;
  states: StateStore;
  deltas: DeltaStore;
  messages: MessageStore;
  events: EventStore;
  digests: DigestStore;
  reports: ReportStore;
  holds: HoldStore;
  records: RecordStore;
  roles: RoleStore;
  audit: AuditStore;
  leases: LeaseStore;
  /** Small values of the bot itself, e.g. `instance-id`. */
  settings: {
    get(key: string): Promise<string | undefined>;
    /** Without a value it is deleted. */
    set(key: string, value: string | undefined): Promise<void>;
    /** Those whose key begins with the prefix, by key. */
    under(prefix: string): Promise<ReadonlyMap<string, string>>;
    /** Sets it if it has no value yet; returns the value in effect. */
    initial(key: string, value: string): Promise<string>;
  };
  /** What currently keeps the database from working; undefined when all is well. */
  trouble(): StorageTrouble | undefined;
  figures(): Promise<Figures>;
  close(): Promise<void>;
};
