import type { Logger } from 'pino';
import { startJudgeWorker } from '../../adapters/bullmq/judge-worker.ts';
import { startChunkWorker } from '../../adapters/bullmq/worker.ts';
import type { Config } from '../config.ts';
import type { Group } from '../core/model/group.ts';
import type { Route } from '../core/model/route.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Scanner } from '../ports/scanner.ts';
import { remindUnanswered } from '../usecases/delivery/remind.ts';
import { dropWaiting, pruneAudit, pruneEvents, pruneOld } from '../usecases/delivery/retention.ts';
import { sendChannelDigests } from '../usecases/delivery/send-channel-digests.ts';
import { sendDigests } from '../usecases/delivery/send-digests.ts';
import { createLease } from '../usecases/lease.ts';
import { askedScan, scanEvents } from '../usecases/scanning/scan-events.ts';
import { watchSilent } from '../usecases/scanning/watch-silent.ts';
import { runSchedules, type ScheduleDeps } from '../usecases/schedules/run-schedules.ts';
import { startScheduleLoop } from '../usecases/schedules/schedule-loop.ts';
import { watchFailures } from '../usecases/schedules/watch-failures.ts';
import { watchOverdue } from '../usecases/schedules/watch-overdue.ts';
import { authoriseChunk } from './authorise.ts';
import { startChores } from './chores.ts';
import type { Closers, Foundation } from './foundation.ts';
import { scansAtOnce } from './scans-at-once.ts';
import type { UseCases } from './use-cases.ts';

export type Engine = { schedulesChanged(): Promise<void>; start(): Promise<void> };

type Parts = {
  config: Config;
  foundation: Foundation;
  useCases: UseCases;
  schedules: ScheduleDeps;
  scanner: Scanner;
  clock: Clock;
  log: Logger;
  wake(): void;
  placesOf(group: Group): Promise<readonly Route[]>;
  closers: Closers;
};

const LOCAL_SITE = 'local';

const SCANS_KEEP_MS = 365 * DAY_MS;

/** The parts that run by themselves: schedules, the judge, the local worker, the chores. */
export function createEngine(parts: Parts): Engine {
  const { foundation, schedules, log, closers, clock } = parts;
  const { store } = foundation;
  let wakeSchedules = (): void => undefined;
  return {
    schedulesChanged: async () => wakeSchedules(),
    async start() {
      // Before anything runs: waiting scans may have to be cut down by now.
      await parts.useCases.followConfiguration();
      await keepQueue();
      await startWorkers(parts);
      const lease = leaseOf(parts);
      closers.add(() => lease.release());
      const run = (options: { off: boolean }) => runSchedules(schedules, options);
      const loop = startScheduleLoop({ clock, log, lease, run });
      closers.add(() => loop.stop());
      wakeSchedules = loop.wake;
      await loop.started;
      await reconcileQueue(parts);
      foundation.onQueueRestored(
        () =>
          void reconcileQueue(parts).catch((error: unknown) =>
            log.warn({ err: error }, 'the queue is not as it should be yet; trying again'),
          ),
      );
      const ifLeading = (chore: () => Promise<void>) => async () => {
        if (await lease.isMine()) await chore();
      };
      const chores = [
        ifLeading(parts.useCases.endHolds),
        ifLeading(() =>
          sendDigests({ store, clock, instance: foundation.instance, placesOf: parts.placesOf, wake: parts.wake }),
        ),
        ifLeading(() => sendChannelDigests(schedules)),
        ifLeading(remindUnanswered({ store, clock, placesOf: parts.placesOf, wake: parts.wake })),
        ifLeading(watchSilent({ store, clock, wake: parts.wake })),
        ifLeading(dropWaiting({ store, clock, log })),
        ifLeading(pruneEvents({ store, clock })),
        ifLeading(pruneAudit({ store, clock }, parts.config.auditKeepMs)),
        ifLeading(pruneOld({ store, clock }, parts.config.scansKeepMs ?? SCANS_KEEP_MS)),
        ifLeading(() => store.leases.prune(clock.now() - DAY_MS)),
        ifLeading(() => watchFailures(schedules)),
        ifLeading(watchOverdue({ ...schedules, queue: foundation.queue })),
        () => reconcileQueue(parts),
        ifLeading(parts.useCases.dropStrays),
      ];
      const running = startChores({ log, chores });
      closers.add(() => running.stop());
    },
  };

  /** Brings the queue in line with SQL: its owner, the sites, the scans under way. */
  async function reconcileQueue({ useCases }: Parts): Promise<void> {
    await keepQueue();
    await useCases.resume();
  }

  /** This runs before the workers start, because they check their key against the queue's record of their site. */
  async function keepQueue(): Promise<void> {
    const groups = await store.groups.list();
    await foundation.claim.keep([
      ...new Set([LOCAL_SITE, ...groups.flatMap(({ site, confirmSite = site }) => [site, confirmSite])]),
    ]);
  }
}

function leaseOf({ foundation, clock }: Parts) {
  return createLease({
    leases: foundation.store.leases,
    clock,
    elapsed: () => performance.now(),
    name: 'lead',
    holder: foundation.bot,
    alone: foundation.claim.alone,
  });
}

async function startWorkers({
  config,
  foundation,
  useCases,
  scanner,
  clock,
  log,
  wake,
  closers,
}: Parts): Promise<void> {
  const { store, connection, keyOf } = foundation;
  const events = scanEvents({ store, clock, judge: useCases.judge, wake });
  const judge = await startJudgeWorker({
    ...{ connection, log, events, keyOf },
    // The judge of a bot's own site shows that the bot is alive, whether or not it has a scan.
    onSite(listener) {
      listener(LOCAL_SITE);
      foundation.onSite(listener);
    },
    scanOf: (id) => askedScan(store, id),
  });
  closers.add(() => judge.close());
  const authorise = authoriseChunk(config.allowedTargets);
  const local = { site: LOCAL_SITE, key: keyOf(LOCAL_SITE), concurrency: scansAtOnce(config) };
  const worker = await startChunkWorker({ connection, ...local, scanner, authorise, log });
  closers.add(() => worker.close());
}
