import type {
  ChunkRequest,
  Coverage,
  IdentifiedHost,
  Scan,
  ScanOrigin,
  ScanSettings,
  ScanStatus,
  Seen,
  UnderWay,
} from '../../core/model/scan.ts';
import type { Page, Paged } from './paging.ts';

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
  /**
   * Results of its chunks that already exist: the scan is `judging` from the start. Not added (`added: false`, and the
   * scan that blocks it) while the group has another one that is not over.
   */
  staged?: readonly StagedChunk[];
};

export type ScanFilter = {
  groupId?: number;
  statuses?: readonly ScanStatus[];
  kind?: Scan['kind'];
  /** Ids between these two, exclusive. */
  after?: number;
  before?: number;
};

export type ScanStore = {
  /**
   * Adds a queued scan with the group's next number (a confirmation takes its parent's). For kind `scan`: if the group
   * already has one that is queued and not started, that one is returned with `added: false`, decided in one
   * transaction. At most one runs and one is queued per group.
   */
  add(scan: NewScan): Promise<{ scan: Scan; added: boolean }>;
  byId(id: number): Promise<Scan | undefined>;
  /** Newest first. */
  list(filter: ScanFilter, page: Page): Promise<Paged<Scan>>;
  chunks(id: number): Promise<ChunkRequest[]>;
  /** Its chunks cover less from now on; those without ranges no longer count. */
  retarget(id: number, chunks: readonly ChunkRequest[], hostsTotal: number): Promise<void>;
  /** Changes the status only from one of `from`; false when it was another. Its messages are edited when it ends. */
  transition(
    id: number,
    from: readonly ScanStatus[],
    to: ScanStatus,
    change?: { startedAt?: number; finishedAt?: number; error?: string },
  ): Promise<boolean>;
  setProgress(
    id: number,
    progress: { hostsDone: number; hostsUp: number; chunksDone: number; percent?: number; underWay?: UnderWay },
  ): Promise<void>;
  addNote(id: number, note: string): Promise<void>;
  /** Stages a chunk's XML; an attempt that is not higher than the staged one is refused: false. */
  stageChunk(id: number, chunk: number, attempt: number, result: StagedChunk): Promise<boolean>;
  staged(id: number): Promise<(StagedChunk & { chunk: number; attempt: number })[]>;
  /** The chunks that have a result, without it. */
  endedChunks(id: number): Promise<{ chunk: number; outcome: StagedChunk['outcome'] }[]>;
  setCoverage(id: number, coverage: Coverage): Promise<void>;
  /** What a judged scan covered; kept when its detail is pruned. */
  coverage(id: number): Promise<Coverage | undefined>;
  /**
   * What a judged scan saw; without its hosts once its detail is pruned. Absent for scans that were judged before 0.2.
   */
  seen(id: number): Promise<Seen | undefined>;
  /** Deletes chunk detail of the group's scans beyond the newest `keep`; rows of scans stay. */
  prune(groupId: number, keep: number): Promise<number>;
  /** Deletes the detail of at most `limit` scans that ended before then, oldest first; never of a group's newest. */
  pruneBefore(before: number, limit: number): Promise<number>;
};

export type StagedChunk = {
  xml: Buffer;
  outcome: 'complete' | 'interrupted' | 'failed';
  error?: string;
  /** What it identified, as its worker reported it; absent where the request did not ask. */
  identified?: readonly IdentifiedHost[];
};
