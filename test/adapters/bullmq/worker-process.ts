import { pino } from 'pino';
import { startChunkWorker } from '../../../adapters/bullmq/worker.ts';
import { keyOf, scannerThat } from './lab.ts';

// A worker in a process of its own, to be killed in the middle of a scan that never finishes.
const path = process.argv[2] ?? '';
await startChunkWorker({
  connection: { path, maxRetriesPerRequest: null },
  site: 'default',
  key: keyOf('default'),
  concurrency: 1,
  authorise: () => undefined,
  log: pino({ level: 'silent' }),
  scanner: scannerThat(() => {
    process.stdout.write('scanning\n');
    return new Promise(() => undefined);
  }),
});
