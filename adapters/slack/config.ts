import { webApi } from '@slack/bolt';
import type { Log } from '../../src/ports/log.ts';
import { boltLog } from './inbound/bolt-log.ts';

export type SlackConfig = {
  botToken: string;
  /** Socket Mode, when given. */
  appToken?: string;
  /** HTTP mode, when there is no app token. */
  signingSecret?: string;
  port?: number;
  /** The address that HTTP mode listens on; loopback by default. */
  host?: string;
  /** GovSlack, a proxy, a test: ends in `/api/`. */
  apiUrl?: string;
};

/** For tests; the defaults are what Slack wants. */
export type SlackTuning = { paceMs?: number; timeoutMs?: number; reconnectMs?: number };

/** The limit for one call; the delivery loop retries, not the client. */
const CALL_TIMEOUT_MS = 15_000;

export function clientOptions(config: SlackConfig, tuning: SlackTuning, log: Log): webApi.WebClientOptions {
  return {
    ...(config.apiUrl === undefined ? {} : { slackApiUrl: withSlash(config.apiUrl) }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: tuning.timeoutMs ?? CALL_TIMEOUT_MS,
    logger: boltLog(log),
  };
}

export function createClient(token: string, config: SlackConfig, tuning: SlackTuning, log: Log): webApi.WebClient {
  return new webApi.WebClient(token, clientOptions(config, tuning, log));
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
