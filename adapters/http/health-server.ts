import { createServer, type Server, type ServerResponse } from 'node:http';
import { UserError } from '../../src/core/errors.ts';
import type { Log } from '../../src/ports/log.ts';

/** What is wrong with each part, as text; empty when it is ready. */
export type Readiness = Readonly<Record<string, readonly string[]>>;

export type HealthOptions = {
  host: string;
  port: number;
  /** Checks every part. */
  ready(): Promise<Readiness>;
  metrics: { text(): Promise<string>; contentType: string };
  log: Log;
};

const ANSWER_WITHIN_MS = 10_000;
/** A client needs one connection; this limits anybody who opens more. */
const MAX_CONNECTIONS = 32;

/**
 * `/healthz`: the process lives and its event loop runs. `/readyz`: database, queue, chats and schedules work,
 * otherwise 503 with what does not. `/metrics`: for Prometheus. Only GET; no body is read; nothing is secret except the
 * names of groups.
 */
export async function startHealthServer(options: HealthOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { host, port, log } = options;
  const server = createServer(
    { requestTimeout: ANSWER_WITHIN_MS, headersTimeout: ANSWER_WITHIN_MS },
    (request, response) => {
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'only GET\n');
      route(options, path, response).catch((error: unknown) => {
        log.warn({ err: error, path }, 'a health check failed');
        answer(response, 503, 'no answer; see the log\n');
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listening(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function route({ ready, metrics }: HealthOptions, path: string, response: ServerResponse): Promise<void> {
  if (path === '/healthz') return answer(response, 200, 'ok\n');
  if (path === '/metrics') return answer(response, 200, await metrics.text(), metrics.contentType);
  if (path !== '/readyz') return answer(response, 404, '/healthz, /readyz or /metrics\n');
  const parts = Object.entries(await ready());
  const lines = parts.flatMap(([part, problems]) =>
    problems.length === 0 ? [`${part}: ok`] : problems.map((text) => `${part}: ${text}`),
  );
  answer(response, parts.every(([, problems]) => problems.length === 0) ? 200 : 503, `${lines.join('\n')}\n`);
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new UserError(`NETDELTA_HTTP: ${host}:${port} cannot be listened on (${error.code ?? error.message}).`, {
          hint: 'Choose another port, or end the program that uses it.',
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}
