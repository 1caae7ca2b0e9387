import type { Deps } from '../commands/deps.ts';
import type { Config } from '../config.ts';
import { defined } from '../core/defined.ts';
import type { Group } from '../core/model/group.ts';
import type { ChannelRef } from '../core/model/principal.ts';
import type { Route } from '../core/model/route.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { Resolver } from '../ports/resolver.ts';
import type { Store } from '../ports/store.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import { settleFalseAlarm as settle, unsettledAnswers } from '../usecases/answers/settle-false-alarm.ts';
import { endHolds } from '../usecases/holds/end-holds.ts';
import { canAskAgain, confirmDoubts } from '../usecases/judging/confirm-doubts.ts';
import { followUpOverdue } from '../usecases/judging/follow-up.ts';
import { judgeOrGiveUp } from '../usecases/judging/judge-or-give-up.ts';
import { judgeScan } from '../usecases/judging/judge-scan.ts';
import { passBaseline } from '../usecases/judging/pass-baseline.ts';
import { recheckDeltas } from '../usecases/judging/recheck-deltas.ts';
import { keyedMutex } from '../usecases/keyed-mutex.ts';
import { cancelScan } from '../usecases/scanning/cancel-scan.ts';
import { compareScans } from '../usecases/scanning/compare-scans.ts';
import { strayDropper } from '../usecases/scanning/drop-strays.ts';
import { followConfiguration, followEdit } from '../usecases/scanning/follow-edit.ts';
import { importScans } from '../usecases/scanning/import-scans.ts';
import { requestScan, type ScanRequest, startNext } from '../usecases/scanning/request-scan.ts';
import { resumeScans } from '../usecases/scanning/resume-scans.ts';
import { readBatch } from './import-batch.ts';
import { createJudgeChunks } from './judge-thread.ts';
import { createReaderBySize } from './reader.ts';
import { drawHost, drawReport } from './report-thread.ts';

type Parts = {
  /** How long a judgement took, for the metrics. */
  judged(ms: number): void;
  config: Config;
  store: Store;
  queue: Queue;
  resolver: Resolver;
  reader: XmlReader;
  clock: Clock;
  log: Log;
  channelsOf(group: Group): Promise<readonly ChannelRef[]>;
  placesOf(group: Group): Promise<readonly Route[]>;
  wake(): void;
  /** Problems that only a person can look into. */
  tellAdmins(text: string): void;
};

/** The actor when no user asked. */
const NETDELTA = 'netdelta:start';

export type UseCases = ReturnType<typeof createUseCases>;

/** The use cases, bound to their dependencies. */
export function createUseCases(parts: Parts) {
  const { config, store, queue, resolver, reader, clock, log, channelsOf, placesOf, wake, tellAdmins } = parts;
  const oneAtATime = keyedMutex<number>();
  const request = {
    ...{ store, queue, resolver, clock, wake },
    ...{ allowed: config.allowedTargets, siteLimits: config.siteLimits ?? {} },
  };
  const next = (groupId: number) => startNext(request, groupId);
  const confirm = { ...request, delaysMs: config.confirmDelaysMs, random: Math.random };
  const judging = {
    ...{
      store,
      clock,
      log,
      channelsOf,
      placesOf,
      wake,
      startNext: next,
      tellAdmins,
      judgeChunks: createJudgeChunks(reader),
    },
    canAsk: canAskAgain.bind(undefined, store),
    confirm: confirmDoubts.bind(undefined, confirm),
    baseline: passBaseline.bind(undefined, confirm),
  };
  /** Scans, confirmations and corrections of one group read and write the same belief. */
  const ofGroup = async <T>(scanId: number, work: () => Promise<T>): Promise<T> => {
    const scan = await store.scans.byId(scanId);
    return oneAtATime(scan?.groupId ?? 0, work);
  };
  const judgeOne = (scanId: number) =>
    ofGroup(scanId, async () => {
      const began = performance.now();
      await judgeOrGiveUp(judging, scanId);
      parts.judged(performance.now() - began);
    });
  const settleFalseAlarm = async (deltaId: number, now: number) => {
    const delta = await store.deltas.byId(deltaId);
    if (delta !== undefined) await oneAtATime(delta.groupId, () => settle(store, deltaId, now));
  };
  const commands: Omit<Deps, 'schedulesChanged' | 'newReference' | 'platforms'> = {
    ...{ store, clock, log, reader, wake, channelsOf, placesOf, admins: config.admins, allowed: config.allowedTargets },
    ...defined({ defaultChannel: config.defaultChannel }),
    resolveNames: (name) => resolver.resolve(name),
    requestScan: ({ by, channel, now: _now, ...rest }) =>
      requestScan(request, { ...rest, origin: { type: 'command', by, channel } }),
    cancelScan: (scanId, by) => cancelScan({ store, queue, clock, wake, startNext: next }, scanId, by),
    recheck: ({ deltaIds, by }) => recheckDeltas(request, { deltaIds, by }),
    followEdit: (group, by) => followEdit(request, group, by),
    settleFalseAlarm,
    compareScans: (older, newer) => compareScans({ store, reader }, older, newer),
    ...{ drawReport, drawHost },
    readBatch: (batch) => readBatch(config.dataDir, batch),
    importScans: async (asked) => {
      const quiet = { ...judging, canAsk: async () => false, past: true };
      const judge = (scanId: number, at: number) => judgeScan({ ...quiet, clock: { now: () => at } }, scanId);
      const deps = { store, reader: createReaderBySize(reader), resolver, allowed: config.allowedTargets, judge };
      return oneAtATime(asked.group.id, () => importScans(deps, asked));
    },
    queueStats: () => queue.stats(),
  };
  return {
    commands,
    judge: judgeOne,
    requestScan: (wanted: ScanRequest) => requestScan(request, wanted),
    resume: async () => {
      for (const id of await unsettledAnswers(store)) await settleFalseAlarm(id, clock.now());
      await followUpOverdue(judging, ofGroup);
      await resumeScans({ ...request, log, judge: judgeOne, startNext: next });
    },
    dropStrays: strayDropper({ store, queue, log }),
    followConfiguration: () => followConfiguration(request, NETDELTA),
    endHolds: () => endHolds({ store, channelsOf, wake, clock }),
  };
}
