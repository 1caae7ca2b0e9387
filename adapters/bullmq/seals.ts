import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Data that passes through Redis is only accepted with a seal: an HMAC with the key of its site, which the bot and that
 * site's workers have and Redis does not. The purpose is part of the seal, so that it can't be reused for another one.
 */
export type Purpose = 'job' | 'permit' | 'cancel' | 'started' | 'news' | 'result' | 'site';

/** Whose seal a worker believes: its site's. */
export type Authority = { site: string; key: string };

export function sealOf(key: string, purpose: Purpose, value: unknown): string {
  return createHmac('sha256', key).update(`${purpose}\n`).update(canonicalJson(value)).digest('base64url');
}

export function isSealed(key: string, purpose: Purpose, value: unknown, seal: unknown): boolean {
  if (typeof seal !== 'string') return false;
  const [wanted, given] = [Buffer.from(sealOf(key, purpose, value)), Buffer.from(seal)];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

export function digestOf(value: Uint8Array | object): string {
  const bytes = value instanceof Uint8Array ? value : canonicalJson(value);
  return createHash('sha256').update(bytes).digest('base64url');
}

/** The same text for equal values, whatever the order of their keys; undefined values are left out, as in JSON. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
