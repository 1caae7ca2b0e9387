import { type Answer, type ApiContext, type Args, newMessage } from './api.ts';
import { edit } from './api-chat.ts';
import { Refusal } from './check.ts';
import { RESPONSE_URL_MS, RESPONSE_URL_USES } from './limits.ts';
import { freshId, type StoredMessage } from './workspace.ts';

/** docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export function createResponseUrl(context: ApiContext, user: string, channel: string, message?: StoredMessage): string {
  const id = freshId('R');
  const about = message === undefined ? {} : { message };
  context.workspace.responseUrls.set(id, { user, channel, until: Date.now() + RESPONSE_URL_MS, uses: 0, ...about });
  return `${context.baseUrl()}/respond/${id}`;
}

/** An answer to a command or a click: only for that person unless `in_channel`, or in place of the clicked message. */
export function respond(id: string, args: Args, context: ApiContext): Answer {
  const { workspace } = context;
  const url = workspace.responseUrls.get(id);
  if (url === undefined || Date.now() > url.until) return { ok: false, error: 'expired_url' };
  if (url.uses >= RESPONSE_URL_USES) return { ok: false, error: 'used_url' };
  url.uses += 1;
  try {
    if (args['delete_original'] === true) return remove(url.message, context);
    if (args['replace_original'] === true && url.message !== undefined) {
      edit(url.message, { ...args, attachments: args['attachments'] ?? [] });
      return { ok: true };
    }
    const message = newMessage(
      { ...args, unfurl_links: String(args['unfurl_links']), unfurl_media: String(args['unfurl_media']) },
      url.channel,
      context,
    );
    if (args['response_type'] === 'in_channel') workspace.messages.push(message);
    else workspace.ephemerals.push({ ...message, ephemeralFor: url.user });
    return { ok: true };
  } catch (error) {
    if (error instanceof Refusal)
      return { ok: false, error: error.code, response_metadata: { messages: error.details } };
    throw error;
  }
}

function remove(message: StoredMessage | undefined, { workspace }: ApiContext): Answer {
  workspace.messages = workspace.messages.filter((one) => one !== message);
  workspace.ephemerals = workspace.ephemerals.filter((one) => one !== message);
  return { ok: true };
}
