import { parentPort, workerData } from 'node:worker_threads';
import { createNmapReader } from '../../src/core/nmap-xml/reader.ts';
import type { RunEnd } from '../../src/core/observation.ts';
import { xmlBytes } from './xml-bytes.ts';
import type { XmlMessage, XmlSource } from './xml-messages.ts';

if (parentPort !== null) await readInWorker(parentPort, workerData);

/**
 * Reads one source, sends its hosts in batches and lets the other side set the pace: one batch under way, one being
 * read. It stays when all is sent, until the other side ends it: a thread that ends by itself has crashed.
 */
async function readInWorker(port: NonNullable<typeof parentPort>, source: XmlSource): Promise<void> {
  const reader = createNmapReader();
  let headerSent = false;
  let taken: Promise<void> = Promise.resolve();
  let onTaken: () => void = () => undefined;
  port.on('message', () => onTaken());
  const send = (message: XmlMessage): void => port.postMessage(message);

  function sendHeader(): void {
    const header = reader.header();
    if (header === undefined || headerSent) return;
    headerSent = true;
    send({ type: 'header', header });
  }

  async function read(): Promise<RunEnd> {
    for await (const bytes of xmlBytes(source)) {
      const hosts = reader.push(bytes);
      sendHeader();
      if (hosts.length > 0) {
        await taken;
        taken = new Promise((resolve) => {
          onTaken = resolve;
        });
        send({ type: 'hosts', hosts });
      }
      if (reader.failed()) break;
    }
    return reader.end();
  }

  try {
    const end = await read();
    sendHeader();
    await taken;
    send({ type: 'end', end });
  } catch (error) {
    const code = codeOf(error);
    const damaged = code.startsWith('Z_');
    const end = damaged ? { ...reader.end(), complete: false, error: 'its gzip is damaged' } : undefined;
    if (damaged) sendHeader();
    await taken;
    send(end === undefined ? { type: 'unreadable', code } : { type: 'end', end });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
