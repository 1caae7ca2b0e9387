import {
  type APIMessage,
  type APIThreadChannel,
  type RESTPostAPIChannelMessagesThreadsJSONBody,
  Routes,
} from 'discord.js';
import type { Log } from '../../../src/ports/log.ts';
import { ARCHIVE_AFTER, ARCHIVE_AFTER_FALLBACK, MAX_THREAD_NAME } from '../render/limits.ts';
import { oneLine } from '../render/markdown.ts';
import type { Api } from './api.ts';
import { apiCode, deliveryError } from './delivery-error.ts';

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const THREAD_EXISTS = 160_004;
const THREAD_IS_ARCHIVED = 50_083;
const INVALID_FORM = 50_035;

export type Threads = {
  /**
   * The thread on a message, opened when it has none; undefined where there can be none (no permission, the parent is
   * gone, the channel is a thread itself). Throws DeliveryError when a retry may help.
   */
  open(channelId: string, messageId: string, name?: string): Promise<string | undefined>;
  /** Runs the call; if the thread was archived meanwhile, opens it again and runs it once more. */
  unarchived<T>(threadId: string, call: () => Promise<T>): Promise<T>;
};

export function createThreads({ api, log }: { api: Api; log: Log }): Threads {
  async function start(channelId: string, messageId: string, name: string, archiveAfter: number): Promise<string> {
    const body: RESTPostAPIChannelMessagesThreadsJSONBody = { name, auto_archive_duration: archiveAfter };
    const thread = await api.post<APIThreadChannel>(Routes.threads(channelId, messageId), { body });
    return thread.id;
  }

  /** A message's thread has the message's own id. */
  async function startOnce(channelId: string, messageId: string, name: string): Promise<string> {
    try {
      return await start(channelId, messageId, name, ARCHIVE_AFTER);
    } catch (error) {
      if (apiCode(error) === THREAD_EXISTS) return messageId;
      if (apiCode(error) !== INVALID_FORM) throw error;
      return await start(channelId, messageId, name, ARCHIVE_AFTER_FALLBACK);
    }
  }

  return {
    async open(channelId, messageId, name) {
      try {
        return await startOnce(channelId, messageId, threadName(name ?? (await nameOf(api, channelId, messageId))));
      } catch (error) {
        const failure = deliveryError(error);
        if (failure.retryable) throw failure;
        log.warn({ channel: channelId, code: failure.code }, 'Discord opens no thread here; replies go to the channel');
        return undefined;
      }
    },
    async unarchived(threadId, call) {
      try {
        return await call();
      } catch (error) {
        if (apiCode(error) !== THREAD_IS_ARCHIVED) throw error;
        await api.patch(Routes.channel(threadId), { body: { archived: false } });
        return await call();
      }
    },
  };
}

/** Thread names are plain text. */
function threadName(name: string): string {
  return oneLine(name, MAX_THREAD_NAME, { happened: false }).trim() || 'NetDelta';
}

/** For a thread that could not be opened when its parent was posted: the beginning of the parent's text. */
async function nameOf(api: Api, channelId: string, messageId: string): Promise<string> {
  const parent = await api.get<APIMessage>(Routes.channelMessage(channelId, messageId));
  const said = parent.content === '' ? (parent.embeds[0]?.description ?? '') : parent.content;
  const [title = ''] = said.split('\n');
  return title
    .replace(/<@[!&]?\d+>/g, '')
    .replace(/\\([^A-Za-z0-9\s])/g, '$1')
    .replace(/\*\*/g, '');
}
