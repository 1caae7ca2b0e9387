import { createHmac } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { createSignedRequests } from '../../../adapters/slack/inbound/signed-requests.ts';

const SECRET = 'a secret of this test';
const BODY = Buffer.from('command=%2Fnetdelta&text=status');
let nowS: number;
beforeEach(() => {
  nowS = 1_796_000_000;
});

const started = () => createSignedRequests({ secret: SECRET, now: () => nowS * 1000 });

function signedAt(timestamp: number) {
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:`).update(BODY).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': `v0=${signature}`,
  };
}

test('a request is accepted within five minutes of its time, once', () => {
  const requests = started();
  const [early, late] = [signedAt(nowS), signedAt(nowS + 1)];
  nowS += 299;
  expect(requests.judge(early, BODY)).toBe('ours');
  expect(requests.judge(early, BODY)).toBe('repeated');
  nowS += 3;
  expect(requests.judge(late, BODY)).toBe('forged');
  expect(requests.judge(signedAt(nowS + 301), BODY)).toBe('forged');
});

test('a request from the future is not accepted again while its time would be valid', () => {
  const requests = started();
  const future = signedAt(nowS + 290);
  expect(requests.judge(future, BODY)).toBe('ours');
  nowS += 589;
  expect(requests.judge(future, BODY)).toBe('repeated');
});

test('a request that came before a restart is not accepted again after it', () => {
  const before = signedAt(nowS);
  expect(started().judge(before, BODY)).toBe('ours');
  nowS += 3;
  const requests = started();
  expect(requests.judge(before, BODY)).toBe('repeated');
  expect(requests.judge(signedAt(nowS), BODY)).toBe('ours');
});
