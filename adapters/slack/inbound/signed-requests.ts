import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * - `forged`: not signed with our secret, or with a time too far from now
 * - `repeated`: signed, but received before, or possibly before this start
 * - `unreadable`: signed, but nothing that Slack sends
 */
export type Verdict = 'ours' | 'forged' | 'repeated' | 'unreadable';

/** Older and newer requests are refused: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MAX_AGE_S = 300;

/**
 * Checks requests by Slack's signature, and accepts each of ours once. Only signed ones are remembered, and only for as
 * long as their time would be accepted, so nobody else can fill the memory. Requests signed before this start are
 * refused: whether they had been accepted is not remembered.
 */
export function createSignedRequests(options: { secret: string; now(): number }) {
  const seen = new Map<string, number>();
  const startedS = Math.floor(options.now() / 1000);

  function forget(nowS: number): void {
    for (const [signature, until] of seen) {
      if (until > nowS) return;
      seen.delete(signature);
    }
  }

  return {
    judge(headers: IncomingHttpHeaders, body: Buffer): Verdict {
      const nowS = Math.floor(options.now() / 1000);
      const timestamp = one(headers['x-slack-request-timestamp']);
      const signature = one(headers['x-slack-signature']);
      if (!/^\d{1,12}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > MAX_AGE_S) return 'forged';
      if (!isSigned(options.secret, timestamp, body, signature)) return 'forged';
      forget(nowS);
      if (seen.has(signature) || Number(timestamp) < startedS) return 'repeated';
      seen.set(signature, nowS + 2 * MAX_AGE_S);
      return isReadable(one(headers['content-type']), body) ? 'ours' : 'unreadable';
    },
  };
}

function isSigned(secret: string, timestamp: string, body: Buffer, signature: string): boolean {
  const wanted = Buffer.from(
    `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`,
  );
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

/** Formats that bolt reads without checking: an object in JSON, or a form whose payload is one. */
function isReadable(contentType: string, body: Buffer): boolean {
  const text = body.toString('utf8');
  if (contentType.includes('application/json')) return isObject(text);
  const payload = new URLSearchParams(text).get('payload');
  return payload === null ? !/^\s*[[{"]|^\s*null\s*$/.test(text) : isObject(payload);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? '' : (value ?? ''));
