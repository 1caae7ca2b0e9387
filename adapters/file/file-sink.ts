import { constants } from 'node:fs';
import { access, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { eventJson } from '../../src/cards/event-json.ts';
import { DeliveryError } from '../../src/ports/chat.ts';
import type { Sink } from '../../src/ports/sink.ts';

/** For the owner alone: events name hosts and their open ports. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** One JSON event a line, appended to `events/PLACE.jsonl` in the data directory. A full disk is tried again. */
export function createFileSink({ dataDir }: { dataDir: string }): Sink {
  const directory = join(dataDir, 'events');
  return {
    platform: 'file',
    async send(event, place) {
      try {
        await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
        const file = await open(join(directory, `${place}.jsonl`), 'a', FILE_MODE);
        try {
          await file.appendFile(`${JSON.stringify(eventJson(event))}\n`);
          await file.datasync();
        } finally {
          await file.close();
        }
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new DeliveryError(`file_${code}`, { retryable: true, cause: error });
      }
    },
    async check() {
      try {
        await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
        await access(directory, constants.W_OK);
        return [];
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return [`Events can’t be written to ${directory}: ${reason}. Make it writable for NetDelta.`];
      }
    },
    async close() {},
  };
}
