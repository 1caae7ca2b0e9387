import type { webApi } from '@slack/bolt';
import { lookUp } from '../../../src/core/look-up.ts';
import { type Attachment, DeliveryError } from '../../../src/ports/chat.ts';
import type { Log } from '../../../src/ports/log.ts';
import { deliveryError } from './api-error.ts';
import { linesInTitle, linesOf, titleOf } from './files.ts';
import type { Pace } from './pace.ts';
import { remember } from './remembered.ts';

/** A message with files, and the thread that they go to. */
export type FilePlace = { channel: string; ts: string; thread: string };

export type Uploads = {
  /**
   * Uploads the files to the thread, each once, and again only when it has grown. Throws DeliveryError when it may be
   * retried.
   */
  bring(place: FilePlace, files: readonly Attachment[], options: { fresh: boolean }): Promise<void>;
};

const REMEMBERED = 500;
const MENDS: Readonly<Record<string, string>> = {
  missing_scope: 'the app lacks the scope files:write; reinstall it from the manifest',
  not_in_channel: 'invite the app to this channel: /invite @NetDelta',
  channel_not_found: 'invite the app to this channel: /invite @NetDelta',
  storage_limit_reached: 'the workspace has no room for files',
  file_uploads_disabled: 'this workspace allows no files',
};

export function createUploads(deps: { client: webApi.WebClient; pace: Pace; log: Log }): Uploads {
  const { client, pace, log } = deps;
  /** Lines of each file that is known to be there, by message and name. */
  const known = remember<number>(REMEMBERED);
  const keyOf = ({ channel, ts }: FilePlace, file: Attachment) => `${channel}/${ts}/${file.name}`;

  async function bringOne(place: FilePlace, file: Attachment): Promise<void> {
    await pace.turn(place.channel);
    try {
      await client.filesUploadV2({
        channel_id: place.channel,
        thread_ts: place.thread,
        file_uploads: [
          { file: file.data.length === 0 ? Buffer.from('\n') : file.data, filename: file.name, title: titleOf(file) },
        ],
      });
    } catch (error) {
      const failure = deliveryError(error);
      if (failure.code === 'rate_limited') pace.silence(place.channel, failure.retryAfterMs ?? 0);
      if (failure.retryable && failure.code !== 'missing_scope') throw failure;
      await sayMissing(place, file, failure.code);
    }
  }

  /** The failure is final: a note about it is better than a message that is never done. */
  async function sayMissing(place: FilePlace, file: Attachment, code: string): Promise<void> {
    log.warn({ channel: place.channel, file: file.name, code }, 'a file could not be attached in Slack');
    const text = `The file ${file.name} could not be attached (${lookUp(MENDS, code) ?? code}).`;
    await client.chat.postMessage({ channel: place.channel, thread_ts: place.thread, text }).catch((error: unknown) => {
      throw deliveryError(error);
    });
  }

  /** Files of that name that are already in the thread. */
  async function linesThere(place: FilePlace, name: string): Promise<number> {
    const found = await client.conversations
      .replies({ channel: place.channel, ts: place.thread, limit: 999 })
      .catch((error: unknown) => {
        const failure = deliveryError(error);
        if (failure.retryable) throw failure;
        return { messages: [] };
      });
    const titles = (found.messages ?? []).flatMap((message) => message.files ?? []).map((file) => file.title ?? '');
    return Math.max(-1, ...titles.map((title) => linesInTitle(title, name) ?? -1));
  }

  return {
    async bring(place, files, { fresh }) {
      for (const file of files) {
        const key = keyOf(place, file);
        const there = known.get(key) ?? (fresh ? -1 : await linesThere(place, file.name));
        if (there < linesOf(file)) await bringOne(place, file);
        known.set(key, Math.max(there, linesOf(file)));
      }
    },
  };
}

/** The message is posted, its file is not: retry, but never by posting the message once more. */
export function fileMissing(error: unknown): DeliveryError {
  const failure = deliveryError(error);
  const wait = failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs };
  return new DeliveryError(`file_${failure.code}`, { retryable: true, uncertain: true, cause: error, ...wait });
}
