import { setTimeout as sleep } from 'node:timers/promises';
import type { types } from '@slack/bolt';

/** The payload of a response_url: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export type Response = {
  text: string;
  blocks?: types.KnownBlock[];
  attachments?: types.MessageAttachment[];
  response_type?: 'ephemeral' | 'in_channel';
  replace_original?: boolean;
  thread_ts?: string;
  unfurl_links?: false;
  unfurl_media?: false;
};

export class ResponseRefused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`Slack took no answer: ${code}`);
    this.name = 'ResponseRefused';
    this.code = code;
  }
}

const TRIES = 3;
const WAIT_MS = 700;

/** Retries only if the first try surely did not arrive: a duplicate answer is worse than one that is missing. */
export async function sendResponse(url: string, response: Response, timeoutMs: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const code = await attemptResponse(url, response, timeoutMs);
    if (code === undefined) return;
    if (attempt === TRIES || !/^(http_(429|5\d\d)|unreachable)$/.test(code)) throw new ResponseRefused(code);
    await sleep(WAIT_MS * attempt);
  }
}

/** Undefined when it was accepted. Slack refuses with a status, or with 200 and `{"ok":false}`. */
async function attemptResponse(url: string, response: Response, timeoutMs: number): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(response),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await answer.text();
    if (!answer.ok) return errorIn(body) ?? `http_${answer.status}`;
    return errorIn(body);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const refused = cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
    return refused ? 'unreachable' : 'no_answer';
  }
}

function errorIn(body: string): string | undefined {
  return /"ok":\s*false/.test(body) ? (/"error":\s*"([a-z0-9_]+)"/.exec(body)?.[1] ?? 'refused') : undefined;
}
