import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../adapters/nmap/worker-start.ts';
import { BudgetError } from '../core/errors.ts';
import { judgeScan } from '../core/judge/judge-scan.ts';
import { judgeBudget } from '../core/model/budget.ts';
import type { Belief, FirstDetermined } from '../core/model/judgement.ts';
import type { SeenHost } from '../core/model/scan.ts';
import type { HostState } from '../core/model/state.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import {
  type ChunksToJudge,
  type JudgeChunks,
  type JudgedChunks,
  judgeChunksHere,
} from '../usecases/judging/judge-chunks.ts';
import { type FromThread, slices, type ToThread } from './judge-messages.ts';

/** Up to this many hosts a judgement takes less time than to start a thread for it. */
const SMALL = 2_048;
/** What is packed larger may unpack to more than the event loop can wait for, a thousand times as much. */
const SMALL_BYTES = 16 * 1024;

/** Judges small scans at once and large ones in a thread of their own, so that chat is answered meanwhile. */
export function createJudgeChunks(reader: XmlReader): JudgeChunks {
  const here = judgeChunksHere({ reader, judge: judgeScan });
  return (work, belief) => {
    const hosts = Math.max(work.scan.hostsTotal, belief.hosts.size);
    const bytes = work.staged.reduce((sum, { xml }) => sum + xml.length, 0);
    return hosts <= SMALL && bytes <= SMALL_BYTES ? here(work, belief) : inThread(work, belief);
  };
}

async function inThread(work: ChunksToJudge, belief: Belief): Promise<JudgedChunks | undefined> {
  const thread = startWorker('judge-thread-entry', {}, import.meta.url);
  const limit = new AbortController();
  try {
    const judged = Promise.race([hear(thread), overrun(judgeBudget(work.chunks, belief.hosts.size), limit.signal)]);
    judged.catch(() => undefined);
    const say = (message: ToThread) => thread.postMessage(message);
    for (const hosts of slices([...belief.hosts.values()])) {
      say({ type: 'hosts', hosts });
      await turn();
    }
    say({ type: 'judge', group: belief.group, work });
    return await judged;
  } finally {
    limit.abort();
    await thread.terminate();
  }
}

/** Rejects when a judgement takes longer than any honest one; its thread is then ended. */
async function overrun(ms: number, signal: AbortSignal): Promise<never> {
  await sleep(ms, undefined, { signal });
  throw new BudgetError(`judging it took more than ${Math.round(ms / 1000)} s`);
}

/** Lets those who wait at the event loop have theirs. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function hear(thread: Worker): Promise<JudgedChunks | undefined> {
  const hosts: HostState[] = [];
  const firstDetermined: FirstDetermined[] = [];
  const seenHosts: SeenHost[] = [];
  return new Promise((resolve, reject) => {
    thread.on('error', (error) =>
      reject(isOutOfMemory(error) ? new BudgetError('judging it needs too much memory') : error),
    );
    thread.on('exit', (code) => reject(new Error(`the judge's thread ended by itself (${code})`)));
    thread.on('message', (message: FromThread) => {
      switch (message.type) {
        case 'hosts':
          for (const host of message.hosts) hosts.push(host);
          return;
        case 'first':
          for (const found of message.first) firstDetermined.push(found);
          return;
        case 'seen':
          for (const host of message.seen) seenHosts.push(host);
          return;
        case 'judged': {
          const { judgement, coverage } = message;
          const seen = { ...message.seen, hosts: seenHosts };
          return resolve({ judgement: { ...judgement, hosts, firstDetermined }, coverage, seen });
        }
        case 'nothing':
          return resolve(undefined);
        case 'failed':
          return reject(Object.assign(new Error(message.message), { stack: message.stack }));
      }
    });
  });
}
