import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { createRuns } from './chunk-run.ts';
import { type Connection, createClient } from './connection.ts';
import { CHANNELS, KEYS } from './names.ts';
import { asksMore, type PermitReader } from './permits.ts';
import { type Authority, isSealed } from './seals.ts';

const POLL_MS = 2000;

/**
 * Notifies a worker which of its scans should end or cover less: at once by a message, and by polling in case that
 * message is lost with a connection. The message only says that there is something to read.
 */
export function watchOrders(options: {
  connection: Connection;
  redis: Redis;
  log: Logger;
  authority: Authority;
  readPermit: PermitReader;
  runs: ReturnType<typeof createRuns>;
}): { close(): void } {
  const { connection, redis, log, authority, readPermit, runs } = options;
  const subscriber = createClient(connection, log);
  subscriber.subscribe(CHANNELS.orders).catch((error: unknown) => log.debug({ err: error }, 'orders'));
  subscriber.on('message', (_channel, scanId) => void ask(Number(scanId)));
  const poll = setInterval(() => {
    for (const scanId of runs.scans()) void ask(scanId);
  }, POLL_MS);

  async function ask(scanId: number): Promise<void> {
    if (!runs.scans().has(scanId) || redis.status !== 'ready') return;
    try {
      const scan = { site: authority.site, scanId };
      const [cancel, text] = await redis.mget(KEYS.cancel(scan), KEYS.permit(scan));
      if (isCancelled(authority, scanId, cancel)) return runs.cancel(scanId);
      const permit = readPermit(scanId, text ?? null);
      if (permit !== undefined) runs.retarget(scanId, (asked) => asksMore(asked, permit));
    } catch (error) {
      log.debug({ err: error }, 'orders');
    }
  }

  return {
    close() {
      clearInterval(poll);
      subscriber.disconnect();
    },
  };
}

export function isCancelled({ site, key }: Authority, scanId: number, seal: string | null | undefined): boolean {
  return isSealed(key, 'cancel', { site, scanId }, seal);
}
