import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, type ApiContext, type Args, decodeArgs, type Method } from './api.ts';
import { CHAT_METHODS } from './api-chat.ts';
import { FILE_METHODS, PEOPLE_METHODS, VIEW_METHODS } from './api-rest.ts';
import { Refusal } from './check.ts';
import type { Fault, Faults, RateLimit } from './faults.ts';
import { respond } from './response-url.ts';
import type { Sockets } from './sockets.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...CHAT_METHODS,
  ...FILE_METHODS,
  ...VIEW_METHODS,
  ...PEOPLE_METHODS,
};

export type Call = { method: string; args: Args; at: number };

export type ServerParts = {
  context: ApiContext;
  faults: Faults;
  sockets: Sockets;
  rateLimit: RateLimit | undefined;
  tokens: { bot: string; app: string };
  scopes: () => readonly string[];
  calls: Call[];
};

export async function startServer(parts: ServerParts): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    handle(request, response, parts).catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  server.on('upgrade', (request, socket, head) => parts.sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server, parts.sockets) };
}

async function closeServer(server: Server, sockets: Sockets): Promise<void> {
  sockets.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function handle(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const [, area = '', name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (area === 'api') return answerMethod(name, request, body, response, parts);
  if (area === 'upload') return answerUpload(name, request, body, response, parts);
  if (area === 'files-pri') return answerDownload(name, request, response, parts);
  if (area === 'respond') return answerResponseUrl(name, body, response, parts);
  response.statusCode = 404;
  response.end();
}

async function answerMethod(
  name: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  parts: ServerParts,
): Promise<void> {
  const args = decodeArgs(new URLSearchParams(body.toString()));
  parts.calls.push({ method: name, args, at: Date.now() });
  const channel = typeof args['channel'] === 'string' ? args['channel'] : undefined;
  const seconds = name === 'chat.postMessage' && channel !== undefined ? parts.rateLimit?.take(channel) : undefined;
  const fault = parts.faults.next(name, channel, String(args['text'] ?? '')) ?? limited(seconds);
  withFault(fault, response, () => {
    const answer = run(name, args, bearer(request), parts);
    return () => {
      response.setHeader('x-oauth-scopes', parts.scopes().join(','));
      sendJson(response, answer);
    };
  });
}

function limited(seconds: number | undefined): Fault | undefined {
  return seconds === undefined ? undefined : { kind: 'rate-limited', seconds };
}

function run(name: string, args: Args, token: string, parts: ServerParts): Answer {
  try {
    if (token === '') throw new Refusal('not_authed');
    if (name === 'apps.connections.open') return { ok: true, url: socketUrl(token, parts) };
    if (token === parts.tokens.app) throw new Refusal('not_allowed_token_type');
    if (token !== parts.tokens.bot) throw new Refusal('invalid_auth');
    const method = METHODS[name];
    if (method === undefined) throw new Refusal('unknown_method');
    if (method.scope !== '' && !parts.scopes().includes(method.scope))
      throw new Refusal('missing_scope', [method.scope]);
    return { ok: true, ...method.run(args, parts.context) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const needed =
      error.code === 'missing_scope' ? { needed: error.details[0], provided: parts.scopes().join(',') } : {};
    return { ok: false, error: error.code, ...needed, response_metadata: { messages: error.details } };
  }
}

function socketUrl(token: string, { tokens, sockets, context }: ServerParts): string {
  if (token === tokens.bot) throw new Refusal('not_allowed_token_type');
  if (token !== tokens.app) throw new Refusal('invalid_auth');
  return `${context.baseUrl().replace('http', 'ws')}/socket?ticket=${sockets.ticket()}`;
}

async function answerUpload(
  id: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  { context, faults, calls }: ServerParts,
): Promise<void> {
  calls.push({ method: 'upload', args: { id }, at: Date.now() });
  const type = request.headers['content-type'] ?? '';
  const form = type.startsWith('multipart/')
    ? await new Response(body, { headers: { 'content-type': type } }).formData()
    : undefined;
  const part = form?.values().next().value;
  const content = part instanceof Blob ? Buffer.from(await part.arrayBuffer()) : body;
  withFault(faults.next('upload'), response, () => {
    const file = context.workspace.files.get(id);
    if (file !== undefined) file.content = content;
    return () => {
      response.statusCode = file === undefined ? 404 : 200;
      response.end(`OK - ${content.length}`);
    };
  });
}

/** A file that does not exist, or not for this token, leads to Slack's sign-in page. */
function answerDownload(id: string, request: IncomingMessage, response: ServerResponse, parts: ServerParts): void {
  parts.calls.push({ method: 'download', args: { id }, at: Date.now() });
  const file = parts.context.workspace.files.get(id);
  const mayRead = bearer(request) === parts.tokens.bot && parts.scopes().includes('files:read');
  withFault(parts.faults.next('download'), response, () => () => {
    if (!mayRead || file === undefined) response.writeHead(302, { location: '/sign-in' }).end();
    else response.end(file.content);
  });
}

function answerResponseUrl(id: string, body: Buffer, response: ServerResponse, parts: ServerParts): void {
  const args = JSON.parse(body.toString()) as Args;
  parts.calls.push({ method: 'response_url', args, at: Date.now() });
  withFault(parts.faults.next('response_url'), response, () => {
    const answer = respond(id, args, parts.context);
    return () => {
      if (answer['error'] === 'expired_url' || answer['error'] === 'used_url') response.statusCode = 404;
      sendJson(response, answer);
    };
  });
}

/** `work` handles the request and returns the response. */
function withFault(fault: Fault | undefined, response: ServerResponse, work: () => () => void): void {
  switch (fault?.kind) {
    case undefined:
      work()();
      return;
    case 'error':
      response.statusCode = fault.status;
      response.end('something went wrong');
      return;
    case 'refused':
      sendJson(response, { ok: false, error: fault.code });
      return;
    case 'rate-limited':
      response.statusCode = 429;
      response.setHeader('retry-after', String(fault.seconds));
      response.end();
      return;
    case 'drop':
      response.destroy();
      return;
    case 'hang':
      return;
    case 'accept-then-drop':
      work();
      response.destroy();
      return;
    case 'garbage':
      work();
      response.end('<html>proxy</html>');
      return;
  }
}

function bearer(request: IncomingMessage): string {
  return (request.headers.authorization ?? '').replace(/^Bearer /, '');
}

function sendJson(response: ServerResponse, answer: Answer): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer));
}
