import type { Group } from '../core/model/group.ts';
import type { Imported } from '../core/model/imported.ts';
import type { ChannelRef, PrincipalKey } from '../core/model/principal.ts';
import type { Route } from '../core/model/route.ts';
import type { Scan } from '../core/model/scan.ts';
import type { Clock } from '../ports/clock.ts';
import type { DrawHost, DrawReport } from '../ports/draw-report.ts';
import type { QueueStats } from '../ports/queue.ts';
import type { Store } from '../ports/store.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import type { Followed } from '../usecases/scanning/follow-edit.ts';
import type { ImportRequest } from '../usecases/scanning/import-scans.ts';
import type { ImportFile } from '../usecases/scanning/read-runs.ts';

/** What commands receive: the store, and the use cases that reach beyond it. */
export type Deps = {
  store: Store;
  clock: Clock;
  log: CommandLog;
  /** Principals and memberships that are admins by configuration (`NETDELTA_ADMINS`). */
  admins: readonly PrincipalKey[];
  /** CIDRs that may be scanned (`NETDELTA_ALLOWED_TARGETS`). */
  allowed: readonly string[];
  /** `NETDELTA_CHANNEL`: where a group's deltas go when it names no channel. */
  defaultChannel?: ChannelRef;
  /** Addresses of a host name, canonical; empty when there is none. */
  resolveNames(name: string): Promise<readonly string[]>;
  /** Where a group's alerts go, including the default channel and its routes. */
  channelsOf(group: Group): Promise<readonly ChannelRef[]>;
  /** Every place of a group's alerts, sinks included, with the filter of each. */
  placesOf(group: Group): Promise<readonly Route[]>;
  /** What keeps the bot from posting in a channel, each with how to fix it; empty when nothing does. */
  checkChannel?(channel: ChannelRef): Promise<readonly string[]>;
  /** Draws a report off the event loop. */
  drawReport: DrawReport;
  /** Draws a host's weeks off the event loop. */
  drawHost: DrawHost;
  /** Imports scans that were made elsewhere. Throws UserError. */
  importScans(request: ImportRequest): Promise<Imported[]>;
  /** Files that were left for the bot under a random name. Throws UserError when there are none. */
  readBatch(batch: string): Promise<readonly ImportFile[]>;
  /** Platforms to which messages can be sent now. */
  platforms(): readonly string[];
  /** Reads the XML that is kept of a scan. */
  reader: XmlReader;
  /** There are messages to send. */
  wake(): void;
  /** Random, short: a reference that a user quotes when something went wrong. */
  newReference(): string;
  requestScan(request: ScanRequest): Promise<{ scan: Scan; added: boolean }>;
  /** False when it had already ended. */
  cancelScan(scanId: number, by: PrincipalKey): Promise<boolean>;
  recheck(request: {
    deltaIds: readonly number[];
    by: PrincipalKey;
    now: number;
  }): Promise<{ scan?: Scan; note: string }>;
  /** Cuts waiting, planned and running scans down to what the group's edit left. */
  followEdit(group: Group, by: PrincipalKey): Promise<Followed>;
  /** Brings the belief in line with whether this delta is a false alarm. */
  settleFalseAlarm(deltaId: number, now: number): Promise<void>;
  /** The differences between two scans whose detail is still kept. */
  compareScans(older: number, newer: number): Promise<readonly { kind: string; where: string; change: string }[]>;
  /** Schedules have changed in SQL. */
  schedulesChanged(): Promise<void>;
  queueStats(): Promise<QueueStats>;
};

export type ScanRequest = {
  group: Group;
  by: PrincipalKey;
  channel: ChannelRef;
  profile?: string;
  ports?: string;
  now: number;
};

/** Structured, in pino's order of arguments. */
export type CommandLog = { error(fields: Record<string, unknown>, message: string): void };
