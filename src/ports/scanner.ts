import type { ChunkRequest, ScanPhase } from '../core/model/scan.ts';

export type ScanProgress = {
  hostsDone: number;
  hostsUp: number;
  /** By what is done with; 100 only when all of it is. */
  percent: number;
  phase?: ScanPhase | undefined;
  /** How far nmap is with what it does just now, in percent; it begins again with each task and batch of hosts. */
  step?: number | undefined;
};

export type ChunkResult = {
  /** gzip of nmap's XML as far as it got; it may be cut off. */
  xml: Buffer;
  outcome: 'complete' | 'interrupted' | 'failed';
  /** First line of what nmap said, when it failed. */
  error?: string;
  /** Something else ended nmap, which may not happen again. */
  killed?: true;
  notes: readonly string[];
};

export type ScannerCapabilities = { nmapVersion: string; rawSockets: boolean };

export type Scanner = {
  capabilities(): Promise<ScannerCapabilities>;
  /** Runs one nmap. Aborting ends the process and resolves with what is complete. */
  run(
    request: ChunkRequest,
    options: { signal: AbortSignal; onProgress: (progress: ScanProgress) => void },
  ): Promise<ChunkResult>;
};
