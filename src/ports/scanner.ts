import type { ChunkRequest, IdentifiedHost, ScanPhase } from '../core/model/scan.ts';

export type ScanProgress = {
  hostsDone: number;
  hostsUp: number;
  /** Of those that are up, how many are done; the others of `hostsDone` are silent. Absent where a worker does not say. */
  upDone?: number | undefined;
  /** By completed work; 100 only when all of it is. */
  percent: number;
  phase?: ScanPhase | undefined;
  /** nmap's progress with its current step, in percent; it starts again with each task and batch of hosts. */
  step?: number | undefined;
};

export type ChunkResult = {
  /** gzip of nmap's XML as far as it got; it may be truncated. */
  xml: Buffer;
  outcome: 'complete' | 'interrupted' | 'failed';
  /** First line of nmap's output, when it failed. */
  error?: string;
  /** Something else ended nmap, which may not happen again. */
  killed?: true;
  notes: readonly string[];
  /** The open ports whose identity it asked for; set if the request says what is `known`. */
  identified?: readonly IdentifiedHost[];
};

export type ScannerCapabilities = { nmapVersion: string; rawSockets: boolean };

export type Scanner = {
  capabilities(): Promise<ScannerCapabilities>;
  /** Runs nmap: once, or a second time for what the first could not answer. Aborting ends the process and resolves with what is complete. */
  run(
    request: ChunkRequest,
    options: { signal: AbortSignal; onProgress: (progress: ScanProgress) => void },
  ): Promise<ChunkResult>;
};
