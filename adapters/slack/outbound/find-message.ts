import type { webApi } from '@slack/bolt';

/** Every message of ours carries its nonce in its metadata: https://docs.slack.dev/messaging/message-metadata */
export const METADATA_EVENT = 'netdelta_message';

const PAGE = 200;
const MAX_PAGES = 20;
/** Slack's clock and ours. */
const SKEW_MS = 120_000;

/** The ts of the message that carries this nonce, or undefined. */
export async function findMessage(
  client: webApi.WebClient,
  nonce: string,
  where: { channel: string; thread: string | undefined; since: number },
): Promise<string | undefined> {
  const oldest = String(Math.max(0, where.since - SKEW_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const common = { channel: where.channel, include_all_metadata: true, limit: PAGE, oldest };
    const more = cursor === undefined ? {} : { cursor };
    const found =
      where.thread === undefined
        ? await client.conversations.history({ ...common, ...more })
        : await client.conversations.replies({ ...common, ...more, ts: where.thread });
    const messages: readonly { ts?: string; metadata?: unknown }[] = found.messages ?? [];
    const own = messages.find((message) => nonceOf(message.metadata) === nonce);
    if (own?.ts !== undefined) return own.ts;
    cursor = found.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return undefined;
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
