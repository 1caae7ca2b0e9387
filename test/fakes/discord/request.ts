import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './answers.ts';
import type { FakeFile } from './world.ts';

export type FakeRequest = {
  method: string;
  /** Without `/api/v10`, decoded. */
  path: string;
  query: URLSearchParams;
  token: string | undefined;
  body: unknown;
  files: FakeFile[];
};

/** Reads JSON, or the multipart form in which discord.js sends files. */
export async function readRequest(request: IncomingMessage): Promise<FakeRequest> {
  const url = new URL(request.url ?? '/', 'http://discord');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const base = {
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname).replace(/^\/api(?:\/v10)?/, ''),
    query: url.searchParams,
    token: request.headers.authorization,
  };
  const contentType = request.headers['content-type'] ?? '';
  if (raw.length === 0) return { ...base, body: undefined, files: [] };
  if (!contentType.startsWith('multipart/form-data')) return { ...base, body: parse(raw.toString('utf8')), files: [] };
  const form = await new Response(raw, { headers: { 'content-type': contentType } }).formData();
  const files: FakeFile[] = [];
  for (const [key, part] of form.entries()) {
    if (!key.startsWith('files[') || typeof part === 'string') continue;
    files.push({ name: part.name, contentType: part.type, data: Buffer.from(await part.arrayBuffer()) });
  }
  return { ...base, body: parse(String(form.get('payload_json') ?? '{}')), files };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 50_109, 'The request body contains invalid JSON.');
  }
}

export type FakeAnswer = { status: number; body?: unknown };

export function sendAnswer(response: ServerResponse, { status, body }: FakeAnswer): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function sendRateLimit(response: ServerResponse, seconds: number, global: boolean): void {
  response.writeHead(429, {
    'content-type': 'application/json',
    'retry-after': String(Math.ceil(seconds)),
    'x-ratelimit-scope': global ? 'global' : 'user',
    ...(global
      ? { 'x-ratelimit-global': 'true' }
      : {
          'x-ratelimit-limit': '5',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String((Date.now() + seconds * 1000) / 1000),
          'x-ratelimit-reset-after': String(seconds),
          'x-ratelimit-bucket': 'fake-bucket',
        }),
  });
  response.end(JSON.stringify({ message: 'You are being rate limited.', retry_after: seconds, global }));
}

export function refused(error: unknown): FakeAnswer {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 0, String(error));
  return { status: refusal.status, body: { message: refusal.message, code: refusal.code } };
}

/** The parts of a path: `at('/channels/:id/messages', '/channels/1/messages')` is `['1']`. */
export function at(template: string, path: string): string[] | undefined {
  const pattern = new RegExp(`^${template.replace(/:[a-z]+/g, '([^/]+)')}$`);
  return pattern.exec(path)?.slice(1);
}
