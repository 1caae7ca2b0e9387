import { setTimeout } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { defined } from '../../src/core/defined.ts';
import { DeliveryError } from '../../src/ports/chat.ts';
import type { DrawReport } from '../../src/ports/draw-report.ts';
import type { Sink } from '../../src/ports/sink.ts';
import { mailOf } from './mail.ts';

export type EmailConfig = {
  /** `smtp://` or `smtps://`, with the password. */
  url: string;
  from: string;
  /** PEM, for a server whose certificate is issued by a private CA. */
  ca?: string;
};

/** A server that accepts the connection and then stays silent is given up after this time, and retried. */
const TIMEOUT_MS = 20_000;
/** A server that answers byte by byte is given up after this time when it is only checked. */
const CHECK_MS = 30_000;

/** Events as mail, one thread per alert. */
export function createEmailSink({ url, from, ca }: EmailConfig, drawReport: DrawReport): Sink {
  const transport = createTransport({ ...addressOf(url), ...tls(ca), ...timeouts });
  return {
    platform: 'email',
    async send(event, place, signal) {
      try {
        await transport.sendMail({ ...(await mailOf(event, { from, to: place, drawReport })), signal });
      } catch (error) {
        throw asDeliveryError(error);
      }
    },
    async check() {
      try {
        await Promise.race([transport.verify(), silence(CHECK_MS)]);
        return [];
      } catch (error) {
        return [`The mail server doesn’t answer: ${asDeliveryError(error).code}. Check SMTP_URL.`];
      }
    },
    async close() {
      transport.close();
    },
  };
}

const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };

async function silence(ms: number): Promise<never> {
  await setTimeout(ms, undefined, { ref: false });
  throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' });
}

function addressOf(text: string) {
  const url = new URL(text);
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    // A password never crosses the network in clear text.
    requireTLS: !secure && user !== '',
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    // Nothing in our mails is read from a file or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function tls(ca: string | undefined) {
  return { tls: { minVersion: 'TLSv1.2' as const, ...defined({ ca }) } };
}

/**
 * Only the server's refusal of this particular recipient or message (550, 552, 553, 554) is final. Everything else,
 * including a wrong password, passes once somebody fixes it.
 */
function asDeliveryError(error: unknown): DeliveryError {
  const {
    code = 'unknown',
    responseCode,
    command,
  } = error as { code?: string; responseCode?: number; command?: string };
  const isRefused = responseCode !== undefined && [550, 552, 553, 554].includes(responseCode) && command !== 'CONN';
  const name = responseCode === undefined ? code : `${code}_${responseCode}`;
  return new DeliveryError(`smtp_${name}`, {
    retryable: !isRefused,
    uncertain: responseCode === undefined,
    cause: error,
  });
}
