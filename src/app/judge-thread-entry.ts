import { type MessagePort, parentPort } from 'node:worker_threads';
import { judgeScan } from '../core/judge/judge-scan.ts';
import type { HostState } from '../core/model/state.ts';
import { judgeChunksHere } from '../usecases/judging/judge-chunks.ts';
import { type FromThread, slices, type ToThread } from './judge-messages.ts';
import { createReaderHere } from './reader.ts';

/** The thread in which large scans are read and judged; see judge-thread.ts. */
function serve(port: MessagePort): void {
  const hosts = new Map<string, HostState>();
  const judgeChunks = judgeChunksHere({ reader: createReaderHere(), judge: judgeScan });
  const say = (message: FromThread) => port.postMessage(message);

  async function judge({ group, work }: Extract<ToThread, { type: 'judge' }>): Promise<void> {
    const staged = work.staged.map((chunk) => ({ ...chunk, xml: Buffer.from(chunk.xml) }));
    const judged = await judgeChunks({ ...work, staged }, { group, hosts });
    if (judged === undefined) return say({ type: 'nothing' });
    const { hosts: changed, firstDetermined, ...judgement } = judged.judgement;
    for (const slice of slices(changed)) say({ type: 'hosts', hosts: slice });
    for (const slice of slices(firstDetermined)) say({ type: 'first', first: slice });
    const { hosts: seenHosts = [], ...seen } = judged.seen;
    for (const slice of slices(seenHosts)) say({ type: 'seen', seen: slice });
    say({ type: 'judged', judgement, coverage: judged.coverage, seen });
  }

  port.on('message', (message: ToThread) => {
    if (message.type === 'hosts') {
      for (const host of message.hosts) hosts.set(host.address, host);
      return;
    }
    judge(message).catch((error: Error) => say({ type: 'failed', message: error.message, stack: error.stack ?? '' }));
  });
}

if (parentPort !== null) serve(parentPort);
