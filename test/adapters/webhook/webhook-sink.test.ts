import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWebhookSink } from '../../../adapters/webhook/webhook-sink.ts';
import { eventJson } from '../../../src/cards/event-json.ts';
import { ANSWERED, later, OPENED, RELEASED, REPORT, SCAN_DONE } from '../sink-samples.ts';

const SECRET = 'a secret of 32 random characters';
let server: Server;
let url: string;
let got: { headers: IncomingHttpHeaders; body: string }[];
let answer: { status: number; headers?: Record<string, string> };

beforeEach(async () => {
  got = [];
  answer = { status: 204 };
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/in`;
});
afterEach(() => server.close());

const clock = { now: () => 1_795_521_600_000 };
const sink = (allowPrivate = true) =>
  createWebhookSink({ hooks: { pager: { url, secret: SECRET, authorization: 'Bearer x' } }, allowPrivate }, clock);

describe('the webhook sink', () => {
  it('signs the time and the body, which a retry repeats under the same id', async () => {
    await sink().send(OPENED, 'pager', later);
    await sink().send(OPENED, 'pager', later);
    const [first, second] = got;
    const expected = createHmac('sha256', SECRET).update(`1795521600.${first?.body}`).digest('hex');
    expect(first?.headers['x-netdelta-signature']).toBe(`t=1795521600,v1=${expected}`);
    expect(first?.headers).toMatchObject({ 'x-netdelta-event': 'bot1-100', authorization: 'Bearer x' });
    expect(second?.body).toBe(first?.body);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ version: 1, id: 'bot1-100', risk: 'high', severity: 3 });
  });

  it('sends what the published schema describes, for every type of event', () => {
    const schema = JSON.parse(readFileSync('adapters/schemas/event-1.json', 'utf8'));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const head = { version: 1 as const, instance: 'bot1', at: 1, group: { id: 1, name: 'lab', site: 'local' } };
    const others = [
      { ...head, id: 'bot1-1', type: 'test' as const, by: 'slack:U1' },
      { ...head, id: 'bot1-2', type: 'events-lost' as const, lost: 3 },
      { ...head, id: 'bot1-3', type: 'digest' as const, since: 0, events: [OPENED, ANSWERED] },
    ];
    for (const event of [OPENED, ANSWERED, RELEASED, SCAN_DONE, REPORT, ...others]) {
      const json: unknown = JSON.parse(JSON.stringify(eventJson(event)));
      expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    }
    expect(validate({ version: 1, id: 'x' })).toBe(false);
  });

  it('names a scan by the id that people see, beside its number within the group', () => {
    const message = 'lab: scan #7 done, 9 hosts up';
    expect(eventJson(SCAN_DONE)).toMatchObject({ message, scan: { id: 7, number: 3 } });
    expect(eventJson(ANSWERED)).toMatchObject({ deltas: [{ scanId: 7 }] });
  });

  it('connects to no private address unless that is allowed, by number or by name', async () => {
    const { port } = new URL(url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254', '0.0.0.0']) {
      const guarded = createWebhookSink(
        { hooks: { pager: { url: `http://${host}:${port}/` } }, allowPrivate: false },
        clock,
      );
      await expect(guarded.send(OPENED, 'pager', later), host).rejects.toMatchObject({ code: 'private_address' });
    }
    expect(got).toEqual([]);
  });

  it('follows no redirect', async () => {
    answer = { status: 302, headers: { location: '/elsewhere' } };
    await expect(sink().send(OPENED, 'pager', later)).rejects.toMatchObject({ code: 'http_302' });
    expect(got).toHaveLength(1);
  });

  it('that is temporarily refused is retried when the receiver says so, and not after a final refusal', async () => {
    answer = { status: 503, headers: { 'retry-after': '7' } };
    await expect(sink().send(OPENED, 'pager', later)).rejects.toMatchObject({ retryable: true, retryAfterMs: 7000 });
    answer = { status: 422 };
    await expect(sink().send(OPENED, 'pager', later)).rejects.toMatchObject({ retryable: false });
    server.closeAllConnections();
    server.close();
    await expect(sink().send(OPENED, 'pager', later)).rejects.toMatchObject({ retryable: true });
  });

  it('that is not configured says which key to set', async () => {
    expect((await sink().check('on-call')).join()).toContain('WEBHOOK_ON_CALL_URL');
    await expect(sink().send(OPENED, 'constructor', later)).rejects.toMatchObject({ code: 'webhook_unknown' });
  });
});
