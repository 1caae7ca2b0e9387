import { openStore } from '../../../adapters/sequelize/open-store.ts';
import {
  alertOf,
  commitOf,
  fresh,
  host,
  judgingScan,
  MANY_HOSTS,
  newDelta,
  service,
} from '../store-contract/samples.ts';

/** Run by crash.test.ts, which kills it: judges scan after scan and delivers their messages. */
async function judgeForever(url: string, groupId: number): Promise<never> {
  const store = await openStore(url);
  for (;;) {
    const scan = await judgingScan(store, groupId);
    const hosts = Array.from({ length: MANY_HOSTS }, (_, n) =>
      host(`10.0.0.${n}`, { memory: { scan: scan.id }, services: [service(22, { memory: { scan: scan.id } })] }),
    );
    await store.deltas.commit(
      commitOf(scan, {
        hosts,
        group: { scan: scan.id },
        newDeltas: fresh([newDelta(scan, '10.0.0.1')]),
        alert: alertOf(scan, ['new:0']),
        announce: [{ about: { type: 'alert' }, channel: 'console:main' }],
      }),
    );
    const claimed = await store.messages.claim({ now: Date.now(), leaseMs: 1, platforms: ['console'], limit: 1 });
    for (const message of claimed) await store.messages.delivered(message.id, message.wanted, { id: `m${message.id}` });
    process.stdout.write(`judged ${scan.id}\n`);
  }
}

const [url = '', groupId] = process.argv.slice(2);
await judgeForever(url, Number(groupId));
