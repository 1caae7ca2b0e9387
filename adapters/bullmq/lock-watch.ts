import type { Worker } from 'bullmq';

const CHECK_MS = 500;

/**
 * Reports when a job is no longer ours. BullMQ says so when Redis refuses to renew its lock. Without Redis nobody says
 * it, but workers that still reach Redis may start the job once the lock has expired, so each job also has a clock of
 * its own.
 */
export function watchLocks(worker: Worker, lockMs: number, onLost: (jobId: string) => void) {
  const deadlines = new Map<string, number>();
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const id of jobIds) if (deadlines.has(id)) deadlines.set(id, performance.now() + lockMs);
  });
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const id of jobIds) onLost(id);
  });
  const check = setInterval(() => {
    for (const [id, deadline] of deadlines) if (performance.now() > deadline) onLost(id);
  }, CHECK_MS);
  return {
    begin: (jobId: string) => deadlines.set(jobId, performance.now() + lockMs),
    finish: (jobId: string) => deadlines.delete(jobId),
    close: () => clearInterval(check),
  };
}
