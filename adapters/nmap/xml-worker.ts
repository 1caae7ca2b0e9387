import { parentPort, workerData } from 'node:worker_threads';
import type { XmlSink } from '../../src/ports/xml-reader.ts';
import { codeOf, readSource } from './read-source.ts';
import type { XmlMessage, XmlWork } from './xml-messages.ts';

if (parentPort !== null) await readInWorker(parentPort, workerData);

/**
 * Reads one source, sends its hosts in batches and lets the other side set the pace: one batch in transit, one being
 * read. It stays when all is sent, until the other side ends it: a thread that ends by itself has crashed.
 */
async function readInWorker(port: NonNullable<typeof parentPort>, { source, allRuns, bytes }: XmlWork): Promise<void> {
  let taken: Promise<void> = Promise.resolve();
  let onTaken: () => void = () => undefined;
  port.on('message', () => onTaken());
  const send = (message: XmlMessage): void => port.postMessage(message);
  try {
    const sink: XmlSink = {
      onHeader: (header) => send({ type: 'header', header }),
      async onHosts(hosts) {
        await taken;
        taken = new Promise((resolve) => {
          onTaken = resolve;
        });
        send({ type: 'hosts', hosts });
      },
      ...(allRuns ? { onNextRun: (end) => send({ type: 'next-run', end }) } : {}),
    };
    const end = await readSource(source, sink, bytes === undefined ? {} : { bytes });
    await taken;
    send({ type: 'end', end });
  } catch (error) {
    await taken;
    send({ type: 'unreadable', code: codeOf(error) });
  }
}
