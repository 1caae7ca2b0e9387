import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Connection, createClient } from './connection.ts';
import { CHANNELS, KEYS } from './names.ts';

const POLL_MS = 2000;

/**
 * Tells a worker which of its scans are to end: by a message, at once, and for the message that is lost with a connection,
 * by asking now and then.
 */
export function watchCancellation(options: {
  connection: Connection;
  redis: Redis;
  log: Logger;
  running: () => ReadonlySet<number>;
  onCancel: (scanId: number) => void;
}): { close(): void } {
  const { connection, redis, log, running, onCancel } = options;
  const subscriber = createClient(connection, log);
  subscriber.subscribe(CHANNELS.cancel).catch((error: unknown) => log.debug({ err: error }, 'cancellations'));
  subscriber.on('message', (_channel, scanId) => onCancel(Number(scanId)));
  const poll = setInterval(() => void ask(), POLL_MS);

  async function ask(): Promise<void> {
    const scans = [...running()];
    if (scans.length === 0 || redis.status !== 'ready') return;
    try {
      const found = await redis.mget(scans.map(KEYS.cancel));
      for (const [index, scanId] of scans.entries()) if (found[index]) onCancel(scanId);
    } catch (error) {
      log.debug({ err: error }, 'cancellations');
    }
  }

  return {
    close() {
      clearInterval(poll);
      subscriber.disconnect();
    },
  };
}
