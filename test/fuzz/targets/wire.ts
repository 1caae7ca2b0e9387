import { Duplex } from 'node:stream';
import { isOurJob } from '../../../adapters/bullmq/jobs.ts';
import { parseEndedChunk, parseNews } from '../../../adapters/bullmq/messages.ts';
import { parsePermit } from '../../../adapters/bullmq/permits.ts';
import { siteKeys } from '../../../adapters/bullmq/site-keys.ts';
import { frameOf, readFrames } from '../../../adapters/door/frames.ts';
import { REQUESTS } from '../../../adapters/door/protocol.ts';
import { createProgress } from '../../../adapters/nmap/progress.ts';
import { createSignedRequests } from '../../../adapters/slack/inbound/signed-requests.ts';
import type { Target } from '../target.ts';
import { chunk, RESULTS } from './scan-results.ts';

const keyOf = siteKeys('the secret of the fuzzer, which nobody has');
const requests = createSignedRequests({ secret: 'a secret', now: () => 0 });
const job = JSON.stringify({ scanId: 1, chunk: 0, request: chunk, seal: 'A'.repeat(43) });
const news = { type: 'progress', scanId: 1, chunk: 0, progress: { hostsDone: 1, hostsUp: 1, percent: 4 } };
const ended = { attempt: 1, outcome: 'complete', notes: [], hasXml: true, asked: [], seal: '' };

/** Data that an attacker has put in Redis is never accepted. */
function redis(text: string): void {
  if (parsePermit(text, keyOf('local'), { site: 'local', scanId: 1 }) !== undefined)
    throw new Error('a forged permit was believed');
  if (parseNews(text, keyOf) !== undefined) throw new Error('forged news were believed');
  parseEndedChunk(text);
  const value = json(text);
  if (typeof value === 'object' && value !== null && isOurJob(keyOf('local'), 'local', value as never)) {
    throw new Error('a forged job was believed');
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unsigned(body: string): void {
  const headers = { 'x-slack-request-timestamp': '0', 'x-slack-signature': body, 'content-type': body };
  if (requests.judge(headers, Buffer.from(body)) !== 'forged') throw new Error('an unsigned request was taken');
}

/** In a frame of its own, and raw: whatever it contains, it is read or the connection ends. */
async function socket(text: string): Promise<void> {
  for await (const value of readFrames(arriving(frameOf(json(text) ?? text)))) {
    for (const shape of Object.values(REQUESTS)) shape.safeParse(value);
  }
  try {
    for await (const _ of readFrames(arriving(Buffer.from(text))));
  } catch {
    // Its reader ends the connection.
  }
}

function arriving(bytes: Buffer): never {
  return Duplex.from([bytes.subarray(0, 3), bytes.subarray(3)].filter(({ length }) => length > 0)) as never;
}

function progress(xml: string): void {
  const seen = createProgress({ hostsTotal: 256, onProgress: () => undefined });
  for (let at = 0; at < xml.length; at += 4_096) seen.push(Buffer.from(xml.slice(at, at + 4_096)));
}

export const WIRE: readonly Target[] = [
  {
    ...{ name: 'HTTP requests', share: 1, take: unsigned },
    seeds: ['payload=%7B%7D', '{"type":"event_callback"}', 'null', 'command=%2Fnetdelta&text=status'],
  },
  { name: 'Redis', share: 1, seeds: [job, JSON.stringify(news), JSON.stringify(ended), '{"permit":{}}'], take: redis },
  {
    ...{ name: 'socket', share: 1, take: socket },
    seeds: [
      '{"call":1,"method":"hello","params":{"version":1,"user":"ann"}}',
      '{"version":1,"user":"ann"}',
      '{"actionId":"ack:1","fields":{"note":"a"},"canShowForm":true}',
      '{"path":["group","add"],"option":"targets","typed":"1","options":{}}',
      '{"$bytes":"AAAA"}',
    ],
  },
  { name: "nmap's progress", share: 1, seeds: RESULTS, take: progress },
];
