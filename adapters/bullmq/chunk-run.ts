import type { AddressRange } from '../../src/core/model/observation.ts';

/**
 * Why nmap is ended early: its scan was cancelled, the job now belongs to another worker, this worker closes, or it
 * scans more than it may by now.
 */
export type EndReason = 'cancelled' | 'lost' | 'closing' | 'retargeted';

/** A chunk that this worker is running. */
export type ChunkRun = {
  scanId: number;
  signal: AbortSignal;
  endedFor(): EndReason | undefined;
  /** Sets what its nmap scans. */
  asks(ranges: readonly AddressRange[]): void;
};

type EndableRun = ChunkRun & { asked(): readonly AddressRange[]; end(reason: EndReason): void };

/** The chunks that a worker is running, by job id. */
export function createRuns() {
  const runs = new Map<string, EndableRun>();
  let isClosing = false;
  return {
    begin(jobId: string, scanId: number): ChunkRun {
      const run = createRun(scanId);
      runs.set(jobId, run);
      // One more may have been fetched when closing began.
      if (isClosing) run.end('closing');
      return run;
    },
    finish: (jobId: string) => runs.delete(jobId),
    scans: (): ReadonlySet<number> => new Set([...runs.values()].map((run) => run.scanId)),
    cancel(scanId: number): void {
      for (const run of runs.values()) if (run.scanId === scanId) run.end('cancelled');
    },
    /** Ends those that scan more than this. */
    retarget(scanId: number, asksMore: (asked: readonly AddressRange[]) => boolean): void {
      for (const run of runs.values()) if (run.scanId === scanId && asksMore(run.asked())) run.end('retargeted');
    },
    lose: (jobId: string) => runs.get(jobId)?.end('lost'),
    close(): void {
      isClosing = true;
      for (const run of runs.values()) run.end('closing');
    },
  };
}

function createRun(scanId: number): EndableRun {
  const controller = new AbortController();
  let endedFor: EndReason | undefined;
  let asked: readonly AddressRange[] = [];
  return {
    scanId,
    signal: controller.signal,
    endedFor: () => endedFor,
    asked: () => asked,
    asks(ranges) {
      asked = ranges;
    },
    end(reason) {
      endedFor ??= reason;
      controller.abort();
    },
  };
}
