import { type MessagePort, parentPort } from 'node:worker_threads';
import { judgeScan } from '../core/judge/judge-scan.ts';
import type { HostState } from '../core/model/state.ts';
import type { HostOutline } from '../ports/store.ts';
import type { JudgedSlice } from '../usecases/judging/chunks-to-judge.ts';
import { judgeChunksHere } from '../usecases/judging/judge-chunks.ts';
import { HOSTS_A_SLICE, packSeen, packSlice, slicesOf } from '../usecases/judging/packed-slices.ts';
import type { FromThread, ToThread } from './judge-messages.ts';
import { createReaderHere } from './reader.ts';

/** The thread in which large scans are read and judged; see judge-thread.ts. */
function serve(port: MessagePort): void {
  const outline = new Map<string, HostOutline>();
  const say = (message: FromThread) => port.postMessage(message);
  const slices = {
    size: HOSTS_A_SLICE,
    take: (slice: JudgedSlice) => say({ type: 'slice', slice: packSlice(slice) }),
    clear: () => say({ type: 'clear' }),
  };
  const judgeChunks = judgeChunksHere({ reader: createReaderHere(), judge: judgeScan, slices });
  let hosts: HostState[] = [];
  let onAll: () => void = () => undefined;

  function ask(addresses: readonly string[]): Promise<readonly HostState[]> {
    hosts = [];
    const all = new Promise<readonly HostState[]>((resolve) => {
      onAll = () => resolve(hosts);
    });
    say({ type: 'need', addresses });
    return all;
  }

  async function judge({ group, work }: Extract<ToThread, { type: 'judge' }>): Promise<void> {
    const staged = work.staged.map((chunk) => ({ ...chunk, xml: Buffer.from(chunk.xml) }));
    const judged = await judgeChunks({ ...work, staged }, { group, outline, hosts: ask });
    if (judged === undefined) return say({ type: 'nothing' });
    for (const slice of slicesOf(judged)) slices.take(slice);
    const judgement = { ...judged.judgement, hosts: [], firstDetermined: [] };
    const { hosts: _, ...seen } = judged.seen;
    const packedSeen = packSeen(judged.seen);
    say({ type: 'judged', judged: { ...judged, judgement, seen, packedSeen, steady: new Map() } });
  }

  port.on('message', (message: ToThread) => {
    switch (message.type) {
      case 'outline':
        for (const [address, host] of message.hosts) outline.set(address, host);
        return;
      case 'hosts':
        for (const host of message.hosts) hosts.push(host);
        return;
      case 'all-hosts':
        return onAll();
      case 'judge':
        judge(message).catch((error: Error) =>
          say({ type: 'failed', message: error.message, stack: error.stack ?? '' }),
        );
    }
  });
}

if (parentPort !== null) serve(parentPort);
