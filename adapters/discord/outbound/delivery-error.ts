import { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js';
import { DeliveryError } from '../../../src/ports/chat.ts';

/** Nothing was sent if the connection was not even made. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'];

/** Converts an error of the REST client for the delivery loop. */
export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof RateLimitError) {
    const wait = Math.ceil(Math.max(error.timeToReset, error.retryAfter, error.sublimitTimeout, 50));
    const code = error.global ? 'rate_limited_globally' : 'rate_limited';
    return new DeliveryError(code, { retryable: true, retryAfterMs: wait, cause: error });
  }
  if (error instanceof DiscordAPIError) return refusal(error);
  // 5xx: the request may have been executed, with only the response lost.
  if (error instanceof HTTPError) {
    return new DeliveryError(`http_${error.status}`, { retryable: true, uncertain: true, cause: error });
  }
  const code = networkCode(error);
  return new DeliveryError(code, { retryable: true, uncertain: !NOT_SENT.includes(code), cause: error });
}

/** A 4xx is final; one without Discord's code (0, or none) comes from something in between, or from a wrong token. */
function refusal(error: DiscordAPIError): DeliveryError {
  if (error.status === 401) return new DeliveryError('unauthorized', { retryable: false, cause: error });
  const code = typeof error.code === 'number' && error.code > 0 ? String(error.code) : `http_${error.status}`;
  return new DeliveryError(code, { retryable: error.status === 408 || error.status === 429, cause: error });
}

function networkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  return 'code' in error && typeof error.code === 'string' ? error.code : 'network';
}

/** Discord's own code, e.g. 160004; undefined for any other response. */
export function apiCode(error: unknown): number | undefined {
  return error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : undefined;
}
