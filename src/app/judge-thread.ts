import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../adapters/nmap/worker-start.ts';
import { BudgetError } from '../core/errors.ts';
import { judgeScan } from '../core/judge/judge-scan.ts';
import { judgeBudget } from '../core/model/budget.ts';
import type { XmlReader } from '../ports/xml-reader.ts';
import type {
  ChunksToJudge,
  JudgeChunks,
  JudgedChunks,
  KnownGroup,
  PackedSlice,
} from '../usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../usecases/judging/judge-chunks.ts';
import { type FromThread, inSlices, type ToThread } from './judge-messages.ts';

/** Up to this many hosts, judging takes less time than starting a thread. */
const SMALL = 2_048;
/** A larger file may unpack to more than the event loop can wait for: up to a thousand times its size. */
const SMALL_BYTES = 16 * 1024;

/** Judges small scans in this thread and large ones in a thread of their own, so that chat is answered meanwhile. */
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
    for (const hosts of inSlices([...known.outline])) {
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

/** A few at a time: one slice is on its way while the next is read. */
async function sendHosts(thread: Worker, known: KnownGroup, addresses: readonly string[]): Promise<void> {
  const say = (message: ToThread) => thread.postMessage(message);
  for (const slice of inSlices(addresses)) {
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

/** Yields to other work on the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function hear(thread: Worker, known: KnownGroup): Promise<JudgedChunks | undefined> {
  const packed: PackedSlice[] = [];
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
        case 'slice':
          packed.push(message.slice);
          return;
        case 'clear':
          packed.length = 0;
          return;
        case 'judged':
          return resolve({ ...message.judged, packed });
        case 'nothing':
          return resolve(undefined);
        case 'failed':
          return reject(Object.assign(new Error(message.message), { stack: message.stack }));
      }
    });
  });
}
