import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../adapters/nmap/worker-start.ts';
import { judgeScan } from '../core/judge/judge-scan.ts';
import type { Belief, FirstDetermined } from '../core/model/judgement.ts';
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

/** Judges small scans at once and large ones in a thread of their own, so that chat is answered meanwhile. */
export function createJudgeChunks(reader: XmlReader): JudgeChunks {
  const here = judgeChunksHere({ reader, judge: judgeScan });
  return (work, belief) => {
    const hosts = Math.max(work.scan.hostsTotal, belief.hosts.size);
    return hosts <= SMALL ? here(work, belief) : inThread(work, belief);
  };
}

async function inThread(work: ChunksToJudge, belief: Belief): Promise<JudgedChunks | undefined> {
  const thread = startWorker('judge-thread-entry', {}, import.meta.url);
  try {
    const judged = hear(thread);
    judged.catch(() => undefined);
    const say = (message: ToThread) => thread.postMessage(message);
    for (const hosts of slices([...belief.hosts.values()])) {
      say({ type: 'hosts', hosts });
      await turn();
    }
    say({ type: 'judge', group: belief.group, work });
    return await judged;
  } finally {
    await thread.terminate();
  }
}

/** Lets those who wait at the event loop have theirs. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function hear(thread: Worker): Promise<JudgedChunks | undefined> {
  const hosts: HostState[] = [];
  const firstDetermined: FirstDetermined[] = [];
  return new Promise((resolve, reject) => {
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the judge's thread ended by itself (${code})`)));
    thread.on('message', (message: FromThread) => {
      switch (message.type) {
        case 'hosts':
          for (const host of message.hosts) hosts.push(host);
          return;
        case 'first':
          for (const found of message.first) firstDetermined.push(found);
          return;
        case 'judged': {
          const { judgement, coverage, hostsUp } = message;
          return resolve({ judgement: { ...judgement, hosts, firstDetermined }, coverage, hostsUp });
        }
        case 'nothing':
          return resolve(undefined);
        case 'failed':
          return reject(Object.assign(new Error(message.message), { stack: message.stack }));
      }
    });
  });
}
