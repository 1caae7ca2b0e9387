import type { Logger } from 'pino';
import { startJudgeWorker } from '../../adapters/bullmq/judge-worker.ts';
import { createScheduleTimer } from '../../adapters/bullmq/schedule-timer.ts';
import { startChunkWorker } from '../../adapters/bullmq/worker.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Scanner } from '../ports/scanner.ts';
import { pruneEvents } from '../usecases/delivery/prune-events.ts';
import { askedScan, scanEvents } from '../usecases/scanning/scan-events.ts';
import { catchUp, nextDue, runDue, type ScheduleDeps, syncSchedules } from '../usecases/schedules/run-schedules.ts';
import { authoriseChunk } from './authorise.ts';
import { startChores } from './chores.ts';
import type { Closers, Foundation } from './foundation.ts';
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
  closers: Closers;
};

/** nmap processes at once on the bot's own machine. */
const CONCURRENCY = 2;

/** What runs by itself: schedules, the judge, the local worker, the chores. */
export function createEngine(parts: Parts): Engine {
  const { foundation, schedules, log, closers } = parts;
  const { store, connection } = foundation;
  const onDue = (id: number, dueAt: number) => runDue(schedules, id, dueAt);
  const timer = createScheduleTimer({ connection, log, next: nextDue, onDue });
  closers.add(() => timer.close());
  const schedulesChanged = () => syncSchedules({ store, timer });
  return {
    schedulesChanged,
    async start() {
      // Before anything runs: what waits may be less by now than it was asked for.
      await parts.useCases.followConfiguration();
      await startWorkers(parts);
      await schedulesChanged();
      await catchUp(schedules);
      await parts.useCases.resume();
      foundation.onQueueRestored(() => void parts.useCases.resume());
      const chores = [parts.useCases.resume, parts.useCases.endHolds, pruneEvents({ store, clock: parts.clock })];
      const running = startChores({ log, chores });
      closers.add(() => running.stop());
    },
  };
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
  const judge = await startJudgeWorker({ connection, log, events, keyOf, scanOf: (id) => askedScan(store, id) });
  closers.add(() => judge.close());
  const authorise = authoriseChunk(config.allowedTargets);
  const local = { site: 'local', key: keyOf('local'), concurrency: CONCURRENCY };
  const worker = await startChunkWorker({ connection, ...local, scanner, authorise, log });
  closers.add(() => worker.close());
}
