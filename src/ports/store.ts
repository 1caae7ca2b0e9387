import type { Card } from '../cards/card.ts';
import type { Acknowledgement, Alert, Delta } from '../core/alert.ts';
import type { DeltaKind } from '../core/delta.ts';
import type { Group, GroupSpec } from '../core/group.ts';
import type { Expectation, MaintenanceWindow, Mute } from '../core/hold.ts';
import type { FirstDetermined } from '../core/judgement.ts';
import type { Protocol, ServiceIdentity } from '../core/observation.ts';
import type { ChannelRef, PrincipalKey, Role } from '../core/principal.ts';
import type { ChunkRequest, Coverage, Scan, ScanOrigin, ScanSettings, ScanStatus } from '../core/scan.ts';
import type { Schedule } from '../core/schedule.ts';
import type { HostCode, HostState, Memory } from '../core/state.ts';
import type { Message, MessageSubject } from './message.ts';

/** SQL truth. Names are unique without regard to case; ids are positive integers; times are epoch ms. */
export type Store = {
  groups: GroupStore;
  scans: ScanStore;
  schedules: ScheduleStore;
  states: StateStore;
  deltas: DeltaStore;
  messages: MessageStore;
  holds: HoldStore;
  roles: RoleStore;
  audit: AuditStore;
  /** Small values of the bot itself, e.g. `instance-id`. */
  settings: { get(key: string): Promise<string | undefined>; set(key: string, value: string): Promise<void> };
  close(): Promise<void>;
};

export type Page = { limit: number; offset: number };
export type Paged<T> = { items: T[]; total: number };

export type GroupStore = {
  /** Throws UserError when the name is taken. */
  add(spec: GroupSpec, by: PrincipalKey, at: number): Promise<Group>;
  edit(id: number, spec: GroupSpec): Promise<Group>;
  setStatus(id: number, status: Group['status']): Promise<void>;
  /** Its scans, states, deltas, schedules and undelivered messages go with it; audit entries stay. */
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Group | undefined>;
  byName(name: string): Promise<Group | undefined>;
  list(): Promise<Group[]>;
  /** Additional channels that its alerts go to. */
  routes(groupId: number): Promise<ChannelRef[]>;
  addRoute(groupId: number, channel: ChannelRef): Promise<void>;
  removeRoute(groupId: number, channel: ChannelRef): Promise<boolean>;
};

export type NewScan = {
  groupId: number;
  kind: Scan['kind'];
  parentId?: number;
  origin: ScanOrigin;
  settings: ScanSettings;
  site: string;
  chunks: readonly ChunkRequest[];
  hostsTotal: number;
  queuedAt: number;
  notes: readonly string[];
};

export type ScanStore = {
  /**
   * Adds a queued scan with the group's next number (a confirmation takes its parent's). For kind `scan`: when the
   * group already has one that is queued and not started, that one comes back with `added: false` — decided in one
   * transaction. At most one runs and one is queued per group.
   */
  add(scan: NewScan): Promise<{ scan: Scan; added: boolean }>;
  byId(id: number): Promise<Scan | undefined>;
  list(
    filter: { groupId?: number; statuses?: readonly ScanStatus[]; kind?: Scan['kind'] },
    page: Page,
  ): Promise<Paged<Scan>>;
  chunks(id: number): Promise<ChunkRequest[]>;
  /** Changes the status only from one of `from`; false when it was another. */
  transition(
    id: number,
    from: readonly ScanStatus[],
    to: ScanStatus,
    change?: { startedAt?: number; finishedAt?: number; error?: string },
  ): Promise<boolean>;
  setProgress(
    id: number,
    progress: { hostsDone: number; hostsUp: number; chunksDone: number; percent?: number },
  ): Promise<void>;
  addNote(id: number, note: string): Promise<void>;
  /** Stages a chunk's XML; a lower or equal attempt than the one staged is refused: false. */
  stageChunk(id: number, chunk: number, attempt: number, result: StagedChunk): Promise<boolean>;
  staged(id: number): Promise<(StagedChunk & { chunk: number; attempt: number })[]>;
  setCoverage(id: number, coverage: Coverage): Promise<void>;
  /** What a judged scan covered; kept when its detail is pruned. */
  coverage(id: number): Promise<Coverage | undefined>;
  /** Deletes chunk detail of the group's scans beyond the newest `keep`; rows of scans stay. */
  prune(groupId: number, keep: number): Promise<number>;
};

export type StagedChunk = { xml: Buffer; outcome: 'complete' | 'interrupted' | 'failed'; error?: string };

export type ScheduleStore = {
  add(schedule: Omit<Schedule, 'id'>): Promise<Schedule>;
  edit(
    id: number,
    change: Partial<Pick<Schedule, 'phrase' | 'when' | 'zone' | 'profile' | 'status' | 'lastDueAt'>>,
  ): Promise<Schedule>;
  remove(id: number): Promise<void>;
  byId(id: number): Promise<Schedule | undefined>;
  list(groupId?: number): Promise<Schedule[]>;
};

export type HostSummary = { groupId: number; state: HostState };
export type ServiceMatch = {
  groupId: number;
  address: string;
  protocol: Protocol;
  port: number;
  identity?: ServiceIdentity;
  since: number;
};

export type StateStore = {
  /** The group's belief, whole. */
  load(groupId: number): Promise<{ group: Memory; hosts: Map<string, HostState> }>;
  host(groupId: number, address: string): Promise<HostState | undefined>;
  /** Outside of a judged scan: what a user's answer teaches. In one transaction; its caller is the group's only judge. */
  correct(
    groupId: number,
    belief: {
      group: Memory;
      hosts: readonly HostState[];
      at: number;
      /** As those of a judged scan. */
      settings?: readonly { key: string; value?: string }[];
    },
  ): Promise<void>;
  /** In all groups that know it. */
  hostsByAddress(address: string): Promise<HostSummary[]>;
  listHosts(groupId: number, filter: { code?: HostCode }, page: Page): Promise<Paged<HostState>>;
  countByCode(groupId: number): Promise<Partial<Record<HostCode, number>>>;
  findServices(
    filter: { groupId?: number; port?: number; name?: string; product?: string },
    page: Page,
  ): Promise<Paged<ServiceMatch>>;
  /** Addresses that start with `prefix`, for completion. */
  completeAddress(prefix: string, limit: number): Promise<string[]>;
  firstDetermined(groupId: number): Promise<(FirstDetermined & { scanId: number; at: number })[]>;
  /** What a host's services and code did, oldest first. */
  timeline(groupId: number, address: string): Promise<{ at: number; text: string }[]>;
};

export type NewDelta = Omit<Delta, 'id' | 'alertId' | 'acknowledgement' | 'repeats'>;

/** Everything that one judged scan changes; committed together. */
export type JudgementCommit = {
  scanId: number;
  groupId: number;
  at: number;
  /** The scan's new status; refused (false) unless it is `judging`, so that a scan is judged once. */
  status: 'done' | 'cancelled';
  finishedAt: number;
  coverage: Coverage;
  group: Memory;
  hosts: readonly HostState[];
  firstDetermined: readonly FirstDetermined[];
  newDeltas: readonly NewDelta[];
  changedDeltas: readonly (Partial<Delta> & { id: number })[];
  /** Deltas told in this scan's alert: indexes of `newDeltas`, ids of `changedDeltas`. Empty: no alert. */
  alert?: {
    /** The scan it is of: the commit's own, or the one that a confirmation belongs to. */
    scanId: number;
    /** Join this alert instead of opening one. */
    alertId?: number;
    previousId?: number;
    newDeltas: readonly number[];
    changedDeltas: readonly number[];
  };
  /** Deltas that came back while their thread is open: told in that thread, counted there. */
  repeats: readonly { deltaId: number; newDelta: number }[];
  /** Announced changes that came, new or confirmed now; `answer` is what their delta is answered with. */
  expectationsMet: readonly (({ newDelta: number } | { deltaId: number }) & {
    expectationId: number;
    answer?: Exclude<Acknowledgement, { type: 'open' }>;
  })[];
  /**
   * The unsent messages that tell it (outbox), as by `want`, in this order. `alertId` absent: this commit's alert.
   * What is about a host or a kind stands in the thread of the same alert's message in the same channel.
   */
  announce: readonly { alertId?: number; about: AlertPart; channel: ChannelRef }[];
  /** Messages that this changes, as by `touch`. */
  touch: readonly MessageSubject[];
  /** Messages beside the alert's, as by `want`. */
  want?: readonly { subject: MessageSubject; channel: ChannelRef }[];
  /** Small values that hold from now on; one without a value is forgotten. */
  settings?: readonly { key: string; value?: string }[];
};

export type AlertPart =
  | { type: 'alert' }
  | { type: 'alert-host'; host: string }
  | { type: 'alert-kind'; kind: DeltaKind }
  /** A reply that stays as it is. */
  | { type: 'notice'; card: Card };

export type DeltaFilter = {
  groupId?: number;
  states?: readonly Delta['state'][];
  acknowledgement?: 'open' | 'answered';
  kind?: DeltaKind;
  since?: number;
  alertId?: number;
  /** Told by this scan. */
  scanId?: number;
  address?: string;
  ids?: readonly number[];
};

export type DeltaStore = {
  commit(commit: JudgementCommit): Promise<{ committed: boolean; alertId?: number; deltaIds: number[] }>;
  byId(id: number): Promise<Delta | undefined>;
  list(filter: DeltaFilter, page: Page): Promise<Paged<Delta>>;
  /** Newest first, of this key, confirmed or suppressed or candidate. */
  latestByKey(groupId: number, keys: readonly string[]): Promise<Map<string, Delta>>;
  openCandidates(groupId: number): Promise<Delta[]>;
  countOpen(): Promise<Map<number, number>>;
  /** Sets the answer of those that are open; returns the ids changed. Idempotent. */
  acknowledge(ids: readonly number[], answer: Exclude<Acknowledgement, { type: 'open' }>): Promise<number[]>;
  /** Back to open; returns the ids changed. `by`: for the record of answers. */
  undo(ids: readonly number[], by?: { by: PrincipalKey; byName: string; at: number }): Promise<number[]>;
  hold(id: number, reason: string): Promise<void>;
  alert(id: number): Promise<Alert | undefined>;
  alertOfScan(scanId: number): Promise<Alert | undefined>;
};

export type MessageStore = {
  /** Adds the message, unless this subject already has one in that channel; then its wanted revision grows. Returns its id. */
  want(message: {
    subject: MessageSubject;
    channel: ChannelRef;
    parentId?: number;
    at: number;
    notBefore?: number;
  }): Promise<number>;
  /** One more revision of every message of these subjects, on all platforms. `notBefore` throttles edits. */
  touch(subjects: readonly MessageSubject[], options?: { notBefore?: number }): Promise<void>;
  bySubject(subject: MessageSubject): Promise<Message[]>;
  byId(id: number): Promise<Message | undefined>;
  /**
   * Claims what is due, oldest first: wanted > sent, `notBefore` past, parent posted, nothing else claimed in its channel,
   * and no older undelivered message before it in that channel except ones that failed for good. At most one per channel.
   */
  claim(options: { now: number; leaseMs: number; platforms: readonly string[]; limit: number }): Promise<Message[]>;
  /** Ends the leases of a process that is known to be dead; what it had claimed is due at once, and `uncertain`. */
  releaseClaims(): Promise<void>;
  /** The revision that was sent is the one the message had when it was claimed. */
  delivered(id: number, revision: number, ref?: { id: string; thread?: string }): Promise<void>;
  retryLater(id: number, options: { notBefore: number; failure: string; uncertain: boolean }): Promise<void>;
  failed(id: number, failure: string): Promise<void>;
  /** What could not be delivered. */
  listFailed(page: Page): Promise<Paged<Message>>;
  /** Tries a failed one again. */
  resend(id: number, at: number): Promise<boolean>;
  /**
   * Messages still to be sent: wanted > sent, not failed, and not a reply whose parent failed before it was posted.
   * `platforms`: only those; the default is all.
   */
  countPending(now: number, platforms?: readonly string[]): Promise<number>;
  /** When the next claim may find something, if ever: not before the lease of its channel ends. */
  nextDue(platforms?: readonly string[]): Promise<number | undefined>;
};

export type HoldStore = {
  addMute(mute: Omit<Mute, 'id'>): Promise<Mute>;
  /** Not ended yet; expired ones stay until `endMute`. */
  mutes(): Promise<Mute[]>;
  endMute(id: number, at: number): Promise<boolean>;
  addWindow(window: Omit<MaintenanceWindow, 'id'>): Promise<MaintenanceWindow>;
  windows(groupId?: number): Promise<MaintenanceWindow[]>;
  toldWindow(id: number, until: number): Promise<void>;
  removeWindow(id: number): Promise<boolean>;
  addExpectation(expectation: Omit<Expectation, 'id'>): Promise<Expectation>;
  expectations(filter: { groupId?: number; status?: Expectation['status'] }): Promise<Expectation[]>;
  setExpectation(id: number, status: Expectation['status']): Promise<boolean>;
  /** Deltas held back with that reason since then. */
  heldBack(reason: string, since: number): Promise<Delta[]>;
};

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
