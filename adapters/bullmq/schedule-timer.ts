import { Queue as JobQueue, type RepeatOptions, Worker } from 'bullmq';
import type { Logger } from 'pino';
import type { ScheduleTimer, TimedSchedule } from '../../src/ports/queue.ts';
import { type Connection, closeWorker, createClient, logErrors, withinCloseLimit } from './connection.ts';
import { PREFIX, SCHEDULE_QUEUE, scheduleJobId } from './names.ts';
import { TIMING, workerOptions } from './worker-options.ts';

type Trigger = TimedSchedule['trigger'];

/** A due run whose scan cannot be requested is tried for about as long as a late one may still run. */
const ATTEMPTS = 60;
const PAUSE_MS = 60_000;
/** Many schedules are due on the hour. */
const CONCURRENCY = 4;

export type ScheduleTimerOptions = {
  connection: Connection;
  /** The first time after `after` at which the trigger is due; undefined when there is none. */
  next: (trigger: Trigger, after: number) => number | undefined;
  /** May be told again with the same `dueAt` after a crash or when it throws. */
  onDue: (scheduleId: number, dueAt: number) => Promise<void>;
  log: Logger;
  timing?: typeof TIMING;
};

/**
 * Each schedule is a BullMQ job scheduler, whose next time `next` computes: the cron-parser inside BullMQ loses a time that
 * the clock skips where clocks move by half an hour, and `every` knows no anchor; and what runs must be what users were told
 * would run. The chain itself (a delayed job, which makes the next one when it is taken) stays BullMQ's, and survives
 * restarts of Redis and of the bot.
 *
 * Nothing is due before the first `sync`, which starts anew from now: what was missed before it is the caller's to find
 * out, after it. Later ones leave a schedule that has not changed alone, so that a run which is due just now is not lost.
 */
export function createScheduleTimer(options: ScheduleTimerOptions): ScheduleTimer & { close(): Promise<void> } {
  const { log } = options;
  const redis = createClient(options.connection, log);
  const settings = { repeatStrategy: createRepeatStrategy(options) };
  const queue = new JobQueue(SCHEDULE_QUEUE, { connection: redis, prefix: PREFIX, settings });
  logErrors(queue, log, 'schedule queue');
  const wanted = new Set<number>();
  const worker = startWorker(options, redis, settings, wanted);
  let syncing: Promise<unknown> = Promise.resolve();

  async function sync(schedules: readonly TimedSchedule[]): Promise<void> {
    const isFirst = !worker.isRunning();
    wanted.clear();
    for (const { id } of schedules) wanted.add(id);
    await replaceSchedulers(queue, schedules, isFirst);
    if (isFirst) worker.run().catch((error: unknown) => log.error({ err: error }, 'schedules have ended'));
  }

  return {
    sync(schedules) {
      const synced = syncing.then(() => sync(schedules));
      syncing = synced.catch(() => undefined);
      return synced;
    },
    async close() {
      await withinCloseLimit(syncing);
      await closeWorker(worker);
      await queue.close();
      redis.disconnect();
    },
  };
}

type RepeatStrategy = (after: number, repeat: RepeatOptions) => number | undefined;

function createRepeatStrategy({ next, log }: ScheduleTimerOptions): RepeatStrategy {
  return (after, repeat) => {
    try {
      return next(toTrigger(repeat), after);
    } catch (error) {
      // One schedule that makes no sense must not hold up the others.
      log.error({ err: error, pattern: repeat.pattern }, 'a schedule has no next time');
      return undefined;
    }
  };
}

async function replaceSchedulers(queue: JobQueue, schedules: readonly TimedSchedule[], anew: boolean): Promise<void> {
  const found = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
  const kept = new Set(schedules.map(({ id }) => scheduleJobId(id)));
  for (const key of found.keys()) if (!kept.has(key)) await queue.removeJobScheduler(key);
  for (const { id, trigger } of schedules) {
    const repeat = toRepeat(trigger);
    const old = found.get(scheduleJobId(id));
    if (!anew && old?.pattern === repeat.pattern && old?.tz === repeat.tz) continue;
    await queue.upsertJobScheduler(scheduleJobId(id), repeat, { name: 'due', data: { id }, opts: JOB_OPTIONS });
  }
}

const JOB_OPTIONS = {
  attempts: ATTEMPTS,
  backoff: { type: 'fixed', delay: PAUSE_MS },
  removeOnComplete: true,
  removeOnFail: true,
} as const;

function startWorker(
  { onDue, log, timing = TIMING }: ScheduleTimerOptions,
  redis: ReturnType<typeof createClient>,
  settings: { repeatStrategy: RepeatStrategy },
  wanted: ReadonlySet<number>,
): Worker<{ id: number }> {
  const worker = new Worker<{ id: number }>(
    SCHEDULE_QUEUE,
    // A schedule may be removed while its run waits.
    ({ id, data }) => (wanted.has(data.id) ? onDue(data.id, dueTime(String(id))) : Promise.resolve()),
    {
      ...workerOptions(redis, timing),
      settings,
      autorun: false,
      concurrency: CONCURRENCY,
      maxStalledCount: ATTEMPTS,
    },
  );
  logErrors(worker, log, 'schedule worker');
  worker.on('failed', (job, error) =>
    log.error({ err: error, scheduleId: job?.data.id }, 'scheduled scan not requested'),
  );
  return worker;
}

/** Of `repeat:schedule-5:1767225600000`; the job's own times shift when it is tried again. */
function dueTime(jobId: string): number {
  return Number(jobId.slice(jobId.lastIndexOf(':') + 1));
}

/** BullMQ keeps the pattern as it is and asks only `repeatStrategy` what it means. */
function toRepeat(trigger: Trigger): { pattern: string; tz?: string } {
  return 'cron' in trigger
    ? { pattern: trigger.cron, tz: trigger.zone }
    : { pattern: `every ${trigger.everyMs} from ${trigger.anchor}` };
}

function toTrigger({ pattern = '', tz = 'UTC' }: RepeatOptions): Trigger {
  const every = /^every (\d+) from (\d+)$/.exec(pattern);
  return every ? { everyMs: Number(every[1]), anchor: Number(every[2]) } : { cron: pattern, zone: tz };
}
