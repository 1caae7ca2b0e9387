import type { types, webApi } from '@slack/bolt';
import type { Card } from '../../../src/cards/card.ts';
import type { Form } from '../../../src/cards/form.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { defined } from '../../../src/core/defined.ts';
import type { Log } from '../../../src/ports/log.ts';
import { deliveryError } from '../outbound/api-error.ts';
import { titleOf } from '../outbound/files.ts';
import { encodeMetadata, type Place } from '../outbound/place.ts';
import { wholeFile } from '../render/card-text.ts';
import { label } from '../render/controls.ts';
import { formView } from '../render/form-view.ts';
import { MAX_VIEW_TITLE } from '../render/limits.ts';
import { isLayoutRefused } from '../render/plain-fallback.ts';
import { type Rendered, renderMessage, renderView } from '../render/render.ts';
import type { Directory } from './directory.ts';
import { type Response, ResponseRefused, sendResponse } from './response.ts';

export type AnswerDeps = { client: webApi.WebClient; directory: Directory; log: Log; timeoutMs: number };

type CardResult = Extract<CommandResult, { type: 'card' }>;

/** Shows the result of a command or a click where it came from. */
export type Answerer = {
  show(result: CommandResult, place: Place, triggerId: string): Promise<void>;
  card(result: CardResult, place: Place): Promise<void>;
  /** A card as a modal, for the Home tab. */
  modal(card: Card): Promise<types.ModalView>;
};

export function createAnswerer({ client, directory, log, timeoutMs }: AnswerDeps): Answerer {
  const named = (card: Card) => directory.people(card, () => false);

  async function openForm(form: Form, place: Place, triggerId: string): Promise<void> {
    const view = formView(form, encodeMetadata(place, form.target));
    try {
      await (place.viewId === undefined
        ? client.views.open({ trigger_id: triggerId, view })
        : client.views.push({ trigger_id: triggerId, view }));
    } catch (error) {
      const { code } = deliveryError(error);
      log.warn({ code }, 'a form could not be opened in Slack');
      await card(errorResult('The form could not be opened.', formMend(code)), place);
    }
  }

  async function card(result: CardResult, place: Place): Promise<void> {
    if (place.responseUrl === undefined) return direct(result, place);
    const options = { people: await named(result.card), whole: wholeOf(result.card) };
    const rendered = renderMessage(result.card, options);
    await respond(place.responseUrl, (tables) =>
      responseOf(result, tables ? rendered : renderMessage(result.card, { ...options, tables }), place),
    );
    if (rendered.cut || result.card.attachment?.when === 'always') await sendWhole(result, place);
  }

  /** Once more with lists for tables, if this Slack has no tables. */
  async function respond(url: string, response: (tables: boolean) => Response): Promise<void> {
    try {
      await sendResponse(url, response(true), timeoutMs);
    } catch (error) {
      if (!(error instanceof ResponseRefused) || !isLayoutRefused(error.code)) throw error;
      await sendResponse(url, response(false), timeoutMs);
    }
  }

  /** No response_url: the Home tab, or a form that was opened from it. */
  async function direct(result: CardResult, place: Place): Promise<void> {
    const rendered = renderMessage(result.card, { people: await named(result.card), whole: wholeOf(result.card) });
    const channel = await directory.conversation(`slack:${place.userId}`);
    const { text, blocks, attachments } = rendered;
    await client.chat.postMessage({ channel, text, blocks, attachments, unfurl_links: false, unfurl_media: false });
    if (rendered.cut || result.card.attachment?.when === 'always') await sendWhole(result, { userId: place.userId });
  }

  /**
   * A public answer goes to the channel, if the app is a member; otherwise, and for a private one, to the person who
   * asked.
   */
  async function sendWhole({ card: sent, audience }: CardResult, place: Place): Promise<void> {
    const file = wholeFile(sent);
    const upload = async (channel: string, thread?: string) =>
      client.filesUploadV2({
        file_uploads: [{ file: file.data, filename: file.name, title: titleOf(file) }],
        channel_id: channel,
        ...defined({ thread_ts: thread }),
      });
    if (audience === 'public' && place.channelId !== undefined) {
      const error = await upload(place.channelId, place.threadTs).then(() => undefined, deliveryError);
      if (error === undefined) return;
      log.info({ code: error.code }, 'a file goes to the one who asked, as the channel does not take it');
    }
    await upload(await directory.conversation(`slack:${place.userId}`));
  }

  return {
    card,
    async show(result, place, triggerId) {
      switch (result.type) {
        case 'card':
          return card(result, place);
        case 'form':
          return openForm(result.form, place, triggerId);
        case 'field-errors':
          return card(errorResult('That cannot be done.', Object.values(result.errors).join('\n')), place);
        case 'silent':
          return;
      }
    },
    async modal(shown) {
      const whole = 'Not all of it fits here; type the command in a channel to get the whole.';
      const { blocks } = renderView(shown, { people: await named(shown), whole });
      return {
        type: 'modal',
        title: label(shown.title, MAX_VIEW_TITLE),
        close: label('Close', MAX_VIEW_TITLE),
        blocks,
      };
    },
  };
}

function responseOf({ audience, replace }: CardResult, rendered: Rendered, place: Place): Response {
  const { text, blocks, attachments } = rendered;
  return {
    text,
    blocks,
    attachments,
    replace_original: replace === true,
    response_type: audience === 'public' ? 'in_channel' : 'ephemeral',
    ...defined({ thread_ts: place.threadTs }),
    unfurl_links: false,
    unfurl_media: false,
  };
}

export function errorResult(title: string, text: string): CardResult {
  const card: Card = { title, tone: 'error', sections: [{ type: 'text', text }], controls: [] };
  return { type: 'card', card, audience: 'private', outcome: 'failed' };
}

function wholeOf(card: Card): string {
  return `Not all of it fits here: the whole comes as ${wholeFile(card).name}.`;
}

function formMend(code: string): string {
  return /trigger/.test(code)
    ? 'Slack opens forms only within three seconds, and this took longer. Try once more.'
    : 'Try once more; the log says why.';
}
