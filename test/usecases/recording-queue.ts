import type { Queue, QueuedScan } from '../../src/ports/queue.ts';

/** Records its calls in `queued`; the real one has its own tests. */
export function recordingQueue(queued: () => QueuedScan[]): Queue {
  return {
    addScan: async (scan) => void queued().push(scan),
    retarget: async (scan) => void queued().push(scan),
    cancelScan: async () => undefined,
    scans: async () => queued(),
    dropScan: async () => undefined,
    hasScan: async () => true,
    stats: async () => ({ sites: [] }),
  };
}
