import type { ChunkRequest } from '../core/model/scan.ts';
import type { ChunkResult, ScanProgress } from './scanner.ts';

export type ChunkJob = {
  scanId: number;
  /** 0-based. */
  chunk: number;
  request: ChunkRequest;
};

/** A scan as the database has it: the site whose workers may answer, and its chunks. */
export type AskedScan = { site: string; chunks: readonly ChunkRequest[] };

export type QueuedScan = {
  scanId: number;
  site: string;
  /** By number; one without ranges is not run. */
  chunks: readonly ChunkRequest[];
  /** Do not start before this many ms (confirmations). */
  delayMs?: number;
};

export type QueueStats = {
  /** `refused`: a worker with another key than the bot's is connected, and gets no work. */
  sites: readonly { site: string; workers: number; waiting: number; active: number; delayed: number; refused?: true }[];
};

/** The side of the process that owns the database: puts work in, takes results out. */
export type Queue = {
  /** Adds the scan's flow; adding the same scan again changes nothing. */
  addScan(scan: QueuedScan): Promise<void>;
  /**
   * Replaces the chunks of a scan, never with more than before: waiting ones cover the remainder; running ones that
   * cover more are ended and started again. Does nothing for a scan that the queue does not know.
   */
  retarget(scan: Omit<QueuedScan, 'delayMs'>): Promise<void>;
  /** Removes chunks that have not started and signals the workers that run the rest. */
  cancelScan(scanId: number, site: string): Promise<void>;
  /** True while the queue still knows a job of that scan. */
  hasScan(scanId: number, site: string): Promise<boolean>;
  /** Scans that are in the queue and not being judged at this moment. */
  scans(): Promise<{ scanId: number; site: string }[]>;
  /** Drops a scan that nobody needs any more; running chunks are ended. */
  dropScan(scanId: number, site: string): Promise<void>;
  stats(): Promise<QueueStats>;
};

/** Calls from the queue to the process that owns the database. All may be repeated after a crash. */
export type QueueEvents = {
  /** The first chunk has started. */
  onStarted(scanId: number): Promise<void>;
  onProgress(scanId: number, chunk: number, progress: ScanProgress): Promise<void>;
  /** A chunk has ended; `attempt` increases with every try of the same chunk. */
  onChunk(scanId: number, chunk: number, attempt: number, result: ChunkResult): Promise<void>;
  /** All chunks have ended; judge. Retried when it throws. */
  onScanEnded(scanId: number): Promise<void>;
};
