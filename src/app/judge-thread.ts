import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../adapters/nmap/worker-start.ts';
import { BudgetError } from '../core/errors.ts';
import { judgeScan } from '../core/judge/judge-scan.ts';
import { judgeBudget } from '../core/model/budget.ts';
import type { FirstDetermined } from '../core/model/judgement.ts';
import type { SeenHost } from '../core/model/scan.ts';
import type { HostState } from '../core/model/state.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import {
  type ChunksToJudge,
  type JudgeChunks,
  type JudgedChunks,
  judgeChunksHere,
  type KnownGroup,
} from '../usecases/judging/judge-chunks.ts';
import { type FromThread, slices, type ToThread } from './judge-messages.ts';

/** Up to this many hosts a judgement takes less time than to start a thread for it. */
const SMALL = 2_048;
/** What is packed larger may unpack to more than the event loop can wait for, a thousand times as much. */
const SMALL_BYTES = 16 * 1024;

/** Judges small scans at once and large ones in a thread of their own, so that chat is answered meanwhile. */
export function createJudgeChunks(reader: XmlReader): JudgeChunks {
  const here = judgeChunksHere({ reader, judge: judgeScan });
  return (work, known) => {
    const hosts = Math.max(work.scan.hostsTotal, known.outline.size);
    const bytes = work.staged.reduce((sum, { xml }) => sum + xml.length, 0);
    return hosts <= SMALL && bytes <= SMALL_BYTES ? here(work, known) : inThread(work, known);
  };
}

async function inThread(work: ChunksToJudge, known: KnownGroup): Promise<JudgedChunks | undefined> {
  const thread = startWorker('judge-thread-entry', {}, import.meta.url);
  const limit = new AbortController();
  const say = (message: ToThread) => thread.postMessage(message);
  try {
    const judged = Promise.race([
      hear(thread, known),
      overrun(judgeBudget(work.chunks, known.outline.size), limit.signal),
    ]);
    judged.catch(() => undefined);
    for (const hosts of slices([...known.outline])) {
      say({ type: 'outline', hosts });
      await turn();
    }
    say({ type: 'judge', group: known.group, work });
    return await judged;
  } finally {
    limit.abort();
    await thread.terminate();
  }
}

/** A few at a time: what was read is on its way while the next is read. */
async function sendHosts(thread: Worker, known: KnownGroup, addresses: readonly string[]): Promise<void> {
  const say = (message: ToThread) => thread.postMessage(message);
  for (const slice of slices(addresses)) {
    say({ type: 'hosts', hosts: await known.hosts(slice) });
    await turn();
  }
  say({ type: 'all-hosts' });
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

function hear(thread: Worker, known: KnownGroup): Promise<JudgedChunks | undefined> {
  const hosts: HostState[] = [];
  const firstDetermined: FirstDetermined[] = [];
  const seenHosts: SeenHost[] = [];
  const steady = new Map<string, string>();
  return new Promise((resolve, reject) => {
    thread.on('error', (error) =>
      reject(isOutOfMemory(error) ? new BudgetError('judging it needs too much memory') : error),
    );
    thread.on('exit', (code) => reject(new Error(`the judge's thread ended by itself (${code})`)));
    thread.on('message', (message: FromThread) => {
      switch (message.type) {
        case 'need':
          sendHosts(thread, known, message.addresses).catch(reject);
          return;
        case 'hosts':
          for (const host of message.hosts) hosts.push(host);
          return;
        case 'first':
          for (const found of message.first) firstDetermined.push(found);
          return;
        case 'seen':
          for (const host of message.seen) seenHosts.push(host);
          return;
        case 'steady':
          for (const [address, text] of message.steady) steady.set(address, text);
          return;
        case 'judged': {
          const { judged } = message;
          const judgement = { ...judged.judgement, hosts, firstDetermined };
          return resolve({ ...judged, judgement, seen: { ...judged.seen, hosts: seenHosts }, steady });
        }
        case 'nothing':
          return resolve(undefined);
        case 'failed':
          return reject(Object.assign(new Error(message.message), { stack: message.stack }));
      }
    });
  });
}
