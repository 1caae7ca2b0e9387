import { eventJson } from '../../src/cards/event-json.ts';
import { defined } from '../../src/core/defined.ts';
import { neededFor } from '../../src/core/platforms.ts';
import { DeliveryError } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Sink } from '../../src/ports/sink.ts';
import { type Answer, guardedPost } from './guarded-request.ts';
import { signature } from './signature.ts';

export type Hook = {
  /** Often a secret itself: it appears in no log and no message. */
  url: string;
  /** Signs the body. */
  secret?: string;
  /** The whole `Authorization` header. */
  authorization?: string;
};

export type WebhookConfig = { hooks: Readonly<Record<string, Hook>>; allowPrivate: boolean };

/** The receiver will never accept this body. Other refusals pass once somebody fixes the receiver. */
const HOPELESS = [400, 413, 415, 422];

/** Sends events as JSON to the configured URLs. The same event has the same id and body at every retry. */
export function createWebhookSink({ hooks, allowPrivate }: WebhookConfig, clock: Clock): Sink {
  return {
    platform: 'webhook',
    async send(event, place, deadline) {
      const hook = Object.hasOwn(hooks, place) ? hooks[place] : undefined;
      if (hook === undefined) throw new DeliveryError('webhook_unknown', { retryable: true });
      const body = JSON.stringify(eventJson(event));
      const answer = await guardedPost(new URL(hook.url), {
        headers: headersOf(hook, event.id, body),
        body,
        allowPrivate,
        deadline,
      });
      if (answer.status < 200 || answer.status > 299) throw refused(answer);
    },
    async check(place) {
      const known = Object.keys(hooks);
      if (place === undefined || known.includes(place)) return [];
      return [
        `There is no webhook ${place}: set ${neededFor('webhook', place)} and restart. There are ${known.join(', ') || 'none'}.`,
      ];
    },
    async close() {},
  };

  function headersOf(hook: Hook, id: string, body: string): Record<string, string> {
    const seconds = Math.floor(clock.now() / 1000);
    return {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'NetDelta',
      'x-netdelta-event': id,
      ...(hook.secret === undefined ? {} : { 'x-netdelta-signature': signature(hook.secret, seconds, body) }),
      ...defined({ authorization: hook.authorization }),
    };
  }
}

function refused({ status, retryAfter }: Answer): DeliveryError {
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {};
  return new DeliveryError(`http_${status}`, { retryable: !HOPELESS.includes(status), ...wait });
}
