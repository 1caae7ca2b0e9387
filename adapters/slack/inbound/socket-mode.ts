import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../../../src/ports/log.ts';
import { clientOptions, type SlackConfig, type SlackTuning } from '../config.ts';
import { deliveryError } from '../outbound/api-error.ts';
import { boltLog } from './bolt-log.ts';
import type { Inlet } from './receiver.ts';

const CONNECT_WITHIN_MS = 20_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** Admins are notified when Slack has been away for this long. */
const TELL_AFTER_MS = 300_000;

export type SocketModeOptions = {
  config: SlackConfig & { appToken: string };
  tuning: SlackTuning;
  log: Log;
  onAdminNotice(text: string): void;
};

/**
 * Socket Mode, with reconnecting done here. Bolt's own waits 5 s even after a routine refresh, in which commands fail,
 * and a refused or unreachable `apps.connections.open` while reconnecting ends the process with an unhandled rejection.
 */
export function socketModeInlet({ config, tuning, log, onAdminNotice }: SocketModeOptions): Inlet {
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    autoReconnectEnabled: false,
    logger: boltLog(log),
    installerOptions: { clientOptions: clientOptions(config, tuning, log) },
    processEventErrorHandler: async ({ error }) => {
      log.warn({ err: error }, 'a request from Slack could not be handled');
      return false;
    },
  });
  const { client } = receiver;
  const first = tuning.reconnectMs ?? FIRST_RETRY_MS;
  const closing = new AbortController();
  let reconnecting: Promise<void> | undefined;

  async function connect(): Promise<void> {
    const limit = setTimeout(() => void client.disconnect(), CONNECT_WITHIN_MS);
    try {
      await client.start();
    } catch (error) {
      // Bolt rejects with undefined when the socket was closed again.
      throw error ?? new Error('Slack closed the socket before it said hello');
    } finally {
      clearTimeout(limit);
    }
  }

  async function reconnect(): Promise<void> {
    const since = performance.now();
    let told = false;
    for (let wait = first; !closing.signal.aborted; wait = Math.min(LAST_RETRY_MS, wait * 2)) {
      try {
        await connect();
        const awayMs = performance.now() - since;
        log.info({ awayMs }, 'connected to Slack again');
        if (told) onAdminNotice(`Slack is back after ${Math.round(awayMs / 60_000)} minutes.`);
        return;
      } catch (error) {
        log.warn(
          { code: error === undefined ? 'closed' : deliveryError(error).code },
          'Slack cannot be reached; trying again',
        );
      }
      if (!told && performance.now() - since > TELL_AFTER_MS) {
        told = true;
        onAdminNotice('Slack cannot be reached for 5 minutes now; NetDelta goes on trying.');
      }
      await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  function onDisconnected(): void {
    if (closing.signal.aborted) return;
    reconnecting ??= reconnect().finally(() => {
      reconnecting = undefined;
    });
  }

  return {
    receiver,
    async open() {
      await connect();
      client.on('disconnected', onDisconnected);
    },
    async close() {
      closing.abort();
      client.off('disconnected', onDisconnected);
      await Promise.race([client.disconnect(), sleep(2_000, undefined, { ref: false })]);
      await reconnecting;
    },
  };
}
