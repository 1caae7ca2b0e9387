import { createHmac } from 'node:crypto';

/**
 * `t=SECONDS,v1=HEX`: HMAC-SHA256, with the shared secret, of the time in Unix seconds, a dot, and the body. A receiver
 * computes the same, compares in constant time, and refuses requests older than five minutes.
 */
export function signature(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
