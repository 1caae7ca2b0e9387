import { createHmac } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { onThisMachine } from '../../until.ts';
import { ACK_MS } from './limits.ts';
import type { Ack, EnvelopeType } from './sockets.ts';

export type Signing = {
  secret: string;
  /** How long ago the request pretends to have been signed. */
  ageSeconds?: number;
};

/** The other way in which Slack delivers: a signed POST to the app's request URL. Returns status and body. */
export async function postSigned(
  url: string,
  body: string,
  contentType: string,
  { secret, ageSeconds = 0 }: Signing,
): Promise<{ status: number; body: string }> {
  const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': contentType, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` },
    // A connection of its own: one that was kept open may be closed in the moment in which it is used again.
    agent: false,
    signal: AbortSignal.timeout(onThisMachine(ACK_MS)),
  }).end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode ?? 0, body: await text(response) };
}

/** Slack's encoding of each kind: commands are a form, interactions a form around JSON, events are JSON. */
export function encodeRequest(
  type: EnvelopeType,
  payload: Record<string, unknown>,
): { body: string; contentType: string } {
  if (type === 'events_api') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form = type === 'interactive' ? { payload: JSON.stringify(payload) } : stringsOf(payload);
  return { body: new URLSearchParams(form).toString(), contentType: 'application/x-www-form-urlencoded' };
}

export async function sendByHttp(
  url: string,
  secret: string,
  type: EnvelopeType,
  payload: Record<string, unknown>,
): Promise<Ack> {
  const { body, contentType } = encodeRequest(type, payload);
  const started = performance.now();
  const answer = await postSigned(url, body, contentType, { secret }).catch((error: unknown) => {
    throw new Error(error instanceof Error && error.name === 'AbortError' ? 'operation_timeout' : 'dispatch_failed');
  });
  if (answer.status !== 200) throw new Error(`http_${answer.status}`);
  const parsed: unknown = answer.body.startsWith('{') ? JSON.parse(answer.body) : {};
  return { payload: { ...(parsed as Record<string, unknown>) }, ms: performance.now() - started };
}

function stringsOf(payload: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
}
