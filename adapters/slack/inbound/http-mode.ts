import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import { gatherBytes } from '../../../src/core/gather-bytes.ts';
import type { Log } from '../../../src/ports/log.ts';
import { boltLog } from './bolt-log.ts';
import type { Inlet } from './receiver.ts';
import { createSignedRequests, type Verdict } from './signed-requests.ts';

export type HttpModeOptions = {
  signingSecret: string;
  port: number;
  /** The address to listen on. */
  host: string;
  log: Log;
  /** A request that is not from Slack, too old, too new, or a repetition. */
  onRejected(from: string): void;
};

const PATH = '/slack/events';
const MAX_BODY_BYTES = 1024 * 1024;
/** Slack opens a few connections at a time; slow ones from elsewhere must not use up the limit. */
const MAX_CONNECTIONS = 128;
const TIMES = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};

const STATUS: Readonly<Record<Exclude<Verdict, 'ours'>, number>> = { forged: 401, repeated: 409, unreadable: 400 };

/**
 * HTTP mode. Signature, age, repetition and shape are checked here before bolt sees anything: its own check accepts a
 * request from the future, the same request again, and an unsigned `ssl_check`, and a signed `null` ends the process.
 */
export function httpModeInlet(options: HttpModeOptions): Inlet {
  const { signingSecret, port, host, log, onRejected } = options;
  const receiver = new HTTPReceiver({
    signingSecret,
    endpoints: [PATH],
    logger: boltLog(log),
    bodyLimit: '1mb',
    processEventErrorHandler: async ({ error }) => {
      log.warn({ err: error }, 'a request from Slack could not be handled');
      return false;
    },
  });
  const requests = createSignedRequests({ secret: signingSecret, now: () => Date.now() });
  let server: Server | undefined;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url?.split('?', 1)[0] !== PATH) return answer(response, 404);
    const body = await gatherBytes(request, MAX_BODY_BYTES);
    if (body === undefined) return answer(response, 413);
    const verdict = requests.judge(request.headers, body);
    if (verdict === 'ours') return receiver.requestListener(Object.assign(request, { rawBody: body }), response);
    onRejected(request.socket.remoteAddress ?? 'unknown');
    answer(response, STATUS[verdict]);
  }

  return {
    receiver,
    async open() {
      const opened = createServer(TIMES, (request, response) => {
        take(request, response).catch((error: unknown) => {
          log.debug({ err: error }, 'a request ended early');
          if (!response.headersSent) answer(response, 400);
        });
      });
      opened.maxConnections = MAX_CONNECTIONS;
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.listen(port, host, () => {
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

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 413 ? { connection: 'close' } : {}).end();
}
