import {
  type APIInteraction,
  type APIMessage,
  ButtonStyle,
  ComponentType,
  InteractionResponseType,
  InteractionType,
  MessageFlags,
  type RawFile,
  Routes,
} from 'discord.js';
import type { Card } from '../../src/cards/card.ts';
import type { CommandResult } from '../../src/commands/dispatcher.ts';
import { unreachable } from '../../src/core/errors.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Api } from './api.ts';
import { confirmed } from './custom-id.ts';
import { apiCode, deliveryError } from './delivery-error.ts';
import { withTypedFields } from './field-errors.ts';
import { listedFiles } from './files.ts';
import { escapeMarkdown, type KindOf, oneLine } from './markdown.ts';
import { modalOf } from './modal.ts';
import { patiently } from './patience.ts';
import { type RenderedMessage, renderCard } from './render-card.ts';

/** How an interaction was acknowledged: a waiting answer for one or for all, or a promise to edit the message. */
export type Acknowledged = 'private' | 'public' | 'update';

/** The answer to one interaction; its token is good for 15 minutes, its first answer for 3 s. */
export type Answer = {
  /** False when Discord takes no answer any more, so that its user was told that it failed: then nothing must be done. */
  defer(how: Acknowledged): Promise<boolean>;
  show(result: CommandResult): Promise<void>;
  /** Asks in an ephemeral message whether the pressed button was meant. */
  ask(label: string, actionId: string): Promise<void>;
  refuse(text: string): Promise<void>;
};

export type AnswerDeps = {
  /** For interactions, which are outside of the rate limits of messages. */
  api: Api;
  kindOf: KindOf;
  /** Where an answer goes whose token is over. */
  afterwards(card: Card, audience: 'private' | 'public'): Promise<void>;
  log: Log;
};

const UNKNOWN_INTERACTION = 10_062;
const ALREADY_ACKNOWLEDGED = 40_060;
/** Unknown webhook, message, interaction; invalid webhook token. */
const TOKEN_IS_OVER = [10_015, 10_008, UNKNOWN_INTERACTION, 50_027];

export function answerTo(interaction: APIInteraction, { api, kindOf, afterwards, log }: AnswerDeps): Answer {
  const isComponent = interaction.type === InteractionType.MessageComponent || isFromMessage(interaction);
  const first = Routes.interactionCallback(interaction.id, interaction.token);
  const original = Routes.webhookMessage(interaction.application_id, interaction.token, '@original');
  const followUps = Routes.webhook(interaction.application_id, interaction.token);
  let acknowledged: Acknowledged | undefined;

  async function callback(
    type: InteractionResponseType,
    data?: object,
    files: readonly RawFile[] = [],
  ): Promise<boolean> {
    const body = data === undefined ? { type } : { type, data };
    try {
      await patiently(() => api.post(first, { body, files, auth: false }));
      return true;
    } catch (error) {
      // The first try arrived although its answer was lost.
      if (apiCode(error) === ALREADY_ACKNOWLEDGED) return true;
      log.warn({ interaction: interaction.id, code: deliveryError(error).code }, 'Discord took no answer');
      return false;
    }
  }

  async function showCard(card: Card, audience: 'private' | 'public', replace: boolean): Promise<void> {
    const { body, files } = renderCard(card, { kindOf, announce: false });
    const message = { ...body, ...listedFiles(files) };
    const flags = audience === 'private' ? { flags: MessageFlags.Ephemeral } : {};
    if (acknowledged === undefined) {
      const inPlace = replace && isComponent;
      const type = inPlace ? InteractionResponseType.UpdateMessage : InteractionResponseType.ChannelMessageWithSource;
      await callback(type, inPlace ? message : { ...message, ...flags }, files);
      return;
    }
    try {
      if (acknowledged === audience || (acknowledged === 'update' && replace)) {
        await patiently(() => api.patch<APIMessage>(original, { body: message, files, auth: false }));
        return;
      }
      // The first follow-up of a waiting answer takes its place and its audience: it goes first.
      if (acknowledged !== 'update') await patiently(() => api.delete(original, { auth: false }));
      // An answer that comes twice because its receipt was lost is better than none.
      await patiently(() => api.post<APIMessage>(followUps, { body: { ...message, ...flags }, files, auth: false }));
    } catch (error) {
      if (!TOKEN_IS_OVER.includes(apiCode(error) ?? 0)) throw error;
      await afterwards(card, audience);
    }
  }

  async function showNothing(): Promise<void> {
    if (acknowledged === 'update') return;
    if (acknowledged !== undefined) return await patiently(() => api.delete(original, { auth: false }));
    if (isComponent) await callback(InteractionResponseType.DeferredMessageUpdate);
    else
      await callback(InteractionResponseType.ChannelMessageWithSource, {
        ...words('Done.'),
        flags: MessageFlags.Ephemeral,
      });
  }

  return {
    async defer(how) {
      const accepted = await callback(DEFERRALS[how].type, DEFERRALS[how].data);
      if (accepted) acknowledged = how;
      return accepted;
    },
    async show(result) {
      switch (result.type) {
        case 'card':
          return await showCard(result.card, result.audience, result.replace === true);
        case 'field-errors':
          return await this.show(withTypedFields(result, {}));
        case 'form':
          if (acknowledged !== undefined) return await showCard(TOO_SLOW, 'private', false);
          await callback(InteractionResponseType.Modal, modalOf(result.form));
          return;
        case 'silent':
          return await showNothing();
        default:
          return unreachable(result);
      }
    },
    async ask(label, actionId) {
      const yes = { type: ComponentType.Button, style: ButtonStyle.Danger, label, custom_id: confirmed(actionId) };
      await callback(InteractionResponseType.ChannelMessageWithSource, {
        ...words(`**${escapeMarkdown(oneLine(label, 80, { happened: false }))}**: are you sure?`),
        components: [{ type: ComponentType.ActionRow, components: [yes] }],
        flags: MessageFlags.Ephemeral,
      });
    },
    async refuse(text) {
      const data = { ...words(escapeMarkdown(text)), flags: MessageFlags.Ephemeral };
      await callback(InteractionResponseType.ChannelMessageWithSource, data);
    },
  };
}

const DEFERRALS = {
  private: {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    data: { flags: MessageFlags.Ephemeral },
  },
  public: { type: InteractionResponseType.DeferredChannelMessageWithSource, data: undefined },
  update: { type: InteractionResponseType.DeferredMessageUpdate, data: undefined },
} as const;

const TOO_SLOW: Card = {
  title: 'That took too long to open a form',
  tone: 'error',
  sections: [{ type: 'text', text: 'Nothing was changed. Please try once more.' }],
  controls: [],
};

function words(content: string): Pick<RenderedMessage, 'content' | 'allowed_mentions'> {
  return { content, allowed_mentions: { parse: [] } };
}

/** A form that a button opened. */
function isFromMessage(interaction: APIInteraction): boolean {
  return interaction.type === InteractionType.ModalSubmit && interaction.message !== undefined;
}
