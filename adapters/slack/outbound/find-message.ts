import type { webApi } from '@slack/bolt';

/** All our messages carry their nonce in their metadata: https://docs.slack.dev/messaging/message-metadata */
export const METADATA_EVENT = 'netdelta_message';

const PAGE = 200;
const MAX_PAGES = 20;
/** The difference between Slack's clock and ours. */
const SKEW_MS = 120_000;

/**
 * The ts of the message with this nonce, or undefined. A channel is read from its newest message back to `since`, and
 * at least one page of it: a clock of ours that is ahead of Slack's, even by hours, must not hide the message. Slack
 * returns a thread from its beginning, so that is read completely.
 */
export async function findMessage(
  client: webApi.WebClient,
  nonce: string,
  where: { channel: string; thread: string | undefined; since: number },
): Promise<string | undefined> {
  const oldest = (where.since - SKEW_MS) / 1000;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const common = { channel: where.channel, include_all_metadata: true, limit: PAGE };
    const more = cursor === undefined ? {} : { cursor };
    const found =
      where.thread === undefined
        ? await client.conversations.history({ ...common, ...more })
        : await client.conversations.replies({ ...common, ...more, ts: where.thread });
    const messages: readonly { ts?: string; metadata?: unknown }[] = found.messages ?? [];
    const own = messages.find((message) => nonceOf(message.metadata) === nonce);
    if (own?.ts !== undefined) return own.ts;
    cursor = found.response_metadata?.next_cursor;
    const isPast = where.thread === undefined && messages.some(({ ts }) => Number(ts) < oldest);
    if (isPast || cursor === undefined || cursor === '') return undefined;
  }
  return undefined;
}

function nonceOf(metadata: unknown): unknown {
  if (!isRecord(metadata) || metadata['event_type'] !== METADATA_EVENT) return undefined;
  const payload = metadata['event_payload'];
  return isRecord(payload) ? payload['nonce'] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
