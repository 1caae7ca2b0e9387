import { constants } from 'node:fs';
import { access, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { eventJson } from '../../src/cards/event-json.ts';
import type { SinkEvent } from '../../src/core/model/event.ts';
import { DeliveryError } from '../../src/ports/chat.ts';
import type { Sink } from '../../src/ports/sink.ts';

/** For the owner alone: events name hosts and their open ports. */
const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** One JSON event per line, appended to `events/PLACE.jsonl` in the data directory. A full disk is retried. */
export function createFileSink({ dataDir }: { dataDir: string }): Sink {
  const directory = join(dataDir, 'events');
  /** By place. A system call can't be cancelled: one that hangs is awaited by the next try, never made twice. */
  const underWay = new Map<string, { event: string; written: Promise<void> }>();
  return {
    platform: 'file',
    async send(event, place, deadline) {
      try {
        const before = underWay.get(place);
        if (before !== undefined) await orDeadline(before.written, deadline);
        if (before?.event !== event.id) await orDeadline(start(event, place), deadline);
        underWay.delete(place);
      } catch (error) {
        if (!deadline.aborted) underWay.delete(place);
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

  function start(event: SinkEvent, place: string): Promise<void> {
    const written = append(directory, place, `${JSON.stringify(eventJson(event))}\n`);
    underWay.set(place, { event: event.id, written });
    return written;
  }
}

async function append(directory: string, place: string, line: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE });
  const file = await open(join(directory, `${place}.jsonl`), 'a', FILE_MODE);
  try {
    const { size } = await file.stat();
    try {
      await file.appendFile(line);
      await file.datasync().catch(unlessPipe);
    } catch (error) {
      // A full disk took half of the line, and the next line would be joined to it.
      await file.truncate(size);
      throw error;
    }
  } finally {
    await file.close();
  }
}

/** A pipe to a log shipper has no disk to sync to. */
function unlessPipe(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) throw error;
}

/** Settles as `work` does, or rejects at the deadline, which doesn't end the work. */
function orDeadline(work: Promise<void>, deadline: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => reject(Object.assign(new Error('the file system hangs'), { code: 'deadline' }));
    if (deadline.aborted) late();
    deadline.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', late));
  });
}
