import type { Worker } from 'node:worker_threads';
import { BudgetError, UserError } from '../../src/core/errors.ts';
import type { RunEnd } from '../../src/core/model/observation.ts';
import type { XmlReader, XmlSink } from '../../src/ports/xml-reader.ts';
import { unreadable } from './unreadable.ts';
import { startWorker } from './worker-start.ts';
import { NEXT, type XmlMessage, type XmlSource, type XmlWork } from './xml-messages.ts';

/** Small on purpose: V8 then collects often instead of growing. The largest accepted host fits. */
const LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 4 };

/** Each document is read in a worker thread of its own. Rejects when the source can't be read at all, or the sink throws. */
export function createXmlReader(): XmlReader {
  return {
    read: (source, sink, budget) =>
      new Promise((resolve, reject) => {
        const workerData: XmlWork = {
          ...{ source, allRuns: sink.onNextRun !== undefined },
          ...(budget === undefined ? {} : { bytes: budget.bytes }),
        };
        const worker = startWorker('xml-worker', { workerData, resourceLimits: LIMITS });
        const overrun = () => settle(() => reject(new BudgetError(`reading it took more than ${budget?.ms} ms`)));
        const limit = budget === undefined ? undefined : setTimeout(overrun, budget.ms);
        const settle = (result: () => void): void => {
          clearTimeout(limit);
          worker.removeAllListeners();
          // A late failure of a thread that is being ended no longer matters.
          worker.on('error', () => undefined);
          void worker.terminate().then(result, result);
        };
        worker.on('message', (message: XmlMessage) => {
          receive(message, worker, source, sink).then(
            (end) => {
              if (end !== undefined) settle(() => resolve(end));
            },
            (error: unknown) => settle(() => reject(error)),
          );
        });
        worker.on('error', (error) => settle(() => reject(failure(error, source))));
        worker.on('exit', (code) => settle(() => reject(new Error(`the XML worker ended by itself (${code})`))));
      }),
  };
}

async function receive(
  message: XmlMessage,
  worker: Worker,
  source: XmlSource,
  sink: XmlSink,
): Promise<RunEnd | undefined> {
  switch (message.type) {
    case 'header':
      sink.onHeader(message.header);
      return undefined;
    case 'hosts':
      await sink.onHosts(message.hosts);
      worker.postMessage(NEXT);
      return undefined;
    case 'next-run':
      sink.onNextRun?.(message.end);
      return undefined;
    case 'end':
      return message.end;
    case 'unreadable':
      throw unreadable(message.code, source);
  }
}

function failure(error: Error, source: XmlSource): Error {
  if (!('code' in error) || error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  const name = 'path' in source ? source.path : 'the data';
  return new UserError(`${name} can’t be read: one of its hosts needs more memory than is allowed.`);
}
