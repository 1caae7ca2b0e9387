import { webApi } from '@slack/bolt';
import { DeliveryError } from '../../../src/ports/chat.ts';

/** Nothing was sent if not even the connection was made. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Slack's own problems; for the first two its documentation says that part of the work may have been done. */
const MAYBE_DONE = ['fatal_error', 'internal_error', 'request_timeout'];
const PASSING = ['service_unavailable', 'ratelimited', 'rate_limited', 'message_limit_exceeded', 'team_added_to_org'];

/**
 * The token or its scopes are wrong: no particular message is at fault, and all of them will go out once it is fixed.
 * They wait in the outbox, and the admins are notified. (`account_inactive` is Slack's word for an app that was
 * removed: final.)
 */
const WAITS_FOR_ADMIN = ['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'missing_scope'];
const ASK_AGAIN_MS = 60_000;
const DEFAULT_RETRY_AFTER_MS = 30_000;

/** Converts an error of the Web API client for the delivery loop. */
export function deliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof webApi.WebAPIRateLimitedError) return rateLimited(error.retryAfter * 1000, error);
  if (error instanceof webApi.WebAPIPlatformError) return refusal(error);
  if (error instanceof webApi.WebAPIHTTPError) {
    if (error.statusCode === 429) return rateLimited(DEFAULT_RETRY_AFTER_MS, error);
    const uncertain = error.statusCode >= 500;
    return new DeliveryError(`http_${error.statusCode}`, { retryable: true, uncertain, cause: error });
  }
  const code = networkCode(error);
  return new DeliveryError(code, { retryable: true, uncertain: !NOT_SENT.includes(code), cause: error });
}

export function rateLimited(retryAfterMs: number, cause?: unknown): DeliveryError {
  return new DeliveryError('rate_limited', { retryable: true, retryAfterMs: Math.max(1, retryAfterMs), cause });
}

export function waitsForAdmin(code: string): boolean {
  return WAITS_FOR_ADMIN.includes(code);
}

function refusal(error: webApi.WebAPIPlatformError): DeliveryError {
  const code = error.data.error;
  // Something in between answered instead of Slack, or only half a response arrived.
  if (!/^[a-z0-9_.-]{1,80}$/.test(code)) {
    return new DeliveryError('unreadable_answer', { retryable: true, uncertain: true, cause: error });
  }
  if (MAYBE_DONE.includes(code)) return new DeliveryError(code, { retryable: true, uncertain: true, cause: error });
  if (PASSING.includes(code)) return new DeliveryError(code, { retryable: true, cause: error });
  if (waitsForAdmin(code))
    return new DeliveryError(code, { retryable: true, retryAfterMs: ASK_AGAIN_MS, cause: error });
  return new DeliveryError(code, { retryable: false, cause: error });
}

function networkCode(error: unknown): string {
  const causes = chain(error);
  if (causes.some((cause) => cause.name === 'TimeoutError' || cause.name === 'AbortError')) return 'timeout';
  const code = causes.map((cause) => ('code' in cause ? cause.code : undefined)).findLast(isSystemCode);
  return code ?? 'network';
}

/** The client wraps fetch's error, which wraps the socket's. */
function chain(error: unknown): Error[] {
  const found: Error[] = [];
  let next = error;
  while (next instanceof Error && found.length < 6) {
    found.push(next);
    next = 'original' in next ? next.original : next.cause;
  }
  return found;
}

function isSystemCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code);
}
