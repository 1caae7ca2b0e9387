import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What goes through Redis is believed only with a seal: an HMAC with the key of the site that it is about, which the bot
 * and that site's workers have and Redis does not. The purpose is sealed along, so that no seal serves for another thing.
 */
export type Purpose = 'job' | 'permit' | 'cancel' | 'started' | 'news' | 'result' | 'site';

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

/** The same text for equal values, whatever the order of their keys; what is undefined is left out, as in JSON. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
