import { createServer, type Server } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { Log } from '../../../src/ports/log.ts';
import { boltLog } from './bolt-log.ts';
import type { Inlet } from './receiver.ts';

export type HttpModeOptions = {
  signingSecret: string;
  port: number;
  log: Log;
  /** A request that is not from Slack, or too old. */
  onRejected(from: string): void;
};

/**
 * HTTP mode: bolt checks signature and age (at most 5 minutes). The server is ours, so that what was rejected can be
 * told, and so that it closes at once.
 */
export function httpModeInlet({ signingSecret, port, log, onRejected }: HttpModeOptions): Inlet {
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: ['/slack/events'],
    logger: boltLog(log),
    bodyLimit: '1mb',
    processEventErrorHandler: async ({ error }) => {
      log.warn({ err: error }, 'a request from Slack could not be handled');
      return false;
    },
  });
  let server: Server | undefined;
  return {
    receiver,
    async open() {
      const opened = createServer((request, response) => {
        response.on('finish', () => {
          if (response.statusCode === 401) onRejected(request.socket.remoteAddress ?? 'unknown');
        });
        try {
          receiver.requestListener(request, response);
        } catch {
          // Any other path; bolt leaves it to us.
          response.writeHead(404).end();
        }
      });
      opened.requestTimeout = 10_000;
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.listen(port, () => {
          opened.off('error', reject);
          resolve();
        });
      });
      opened.on('error', (error) => log.error({ err: error }, 'the HTTP server for Slack'));
      server = opened;
    },
    async close() {
      const closing = server;
      if (closing === undefined) return;
      server = undefined;
      await new Promise((resolve) => {
        closing.close(resolve);
        closing.closeIdleConnections();
      });
    },
  };
}
