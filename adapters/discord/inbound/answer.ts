import { type APIInteraction, ButtonStyle, ComponentType, InteractionResponseType, MessageFlags } from 'discord.js';
import type { Card } from '../../../src/cards/card.ts';
import type { CommandResult } from '../../../src/commands/dispatcher.ts';
import { unreachable } from '../../../src/core/errors.ts';
import { confirmed } from '../render/custom-id.ts';
import { escapeMarkdown, type KindOf, oneLine } from '../render/markdown.ts';
import { type RenderedMessage, renderCard } from '../render/render-card.ts';
import { withTypedFields } from './field-errors.ts';
import { type InteractionWebhook, isTokenOver } from './interaction-webhook.ts';
import { modalOf } from './modal.ts';

export type Audience = 'private' | 'public';
/**
 * How an interaction was acknowledged: a deferred answer for one person or for all, or a promise to edit the message.
 */
export type Acknowledged = Audience | 'update';

/** The answer to one interaction; its token is valid for 15 minutes, and its first answer is due within 3 s. */
export type Answer = {
  /** False when Discord no longer takes an answer. */
  defer(how: Acknowledged): Promise<boolean>;
  show(result: CommandResult): Promise<void>;
  /** Asks in an ephemeral message whether the pressed button was meant. */
  ask(label: string, actionId: string): Promise<void>;
  refuse(text: string): Promise<void>;
};

export type AnswerDeps = {
  webhook: InteractionWebhook;
  kindOf: KindOf;
  /** Delivers an answer whose token has expired. */
  afterwards(card: Card, audience: Audience): Promise<void>;
};

const { ChannelMessageWithSource, DeferredMessageUpdate, Modal, UpdateMessage } = InteractionResponseType;

export function answerTo(interaction: APIInteraction, { webhook, kindOf, afterwards }: AnswerDeps): Answer {
  const hasMessage = 'message' in interaction && interaction.message !== undefined;
  let acknowledged: Acknowledged | undefined;

  async function showCard(card: Card, audience: Audience, replace: boolean): Promise<void> {
    const { body, files } = renderCard(card, { kindOf, announce: false });
    const flagged = { ...body, ...flagsOf(audience) };
    if (acknowledged === undefined) {
      const taken =
        replace && hasMessage
          ? await webhook.first(UpdateMessage, body, files)
          : await webhook.first(ChannelMessageWithSource, flagged, files);
      // Discord has shown a failure, but the work succeeded.
      if (!taken) await afterwards(card, audience);
      return;
    }
    try {
      if (acknowledged === audience || (acknowledged === 'update' && replace)) return await webhook.edit(body, files);
      // The first follow-up of a deferred answer takes its place and its audience, so the deferred answer is removed
      // first.
      if (acknowledged !== 'update') await webhook.remove();
      await webhook.followUp(flagged, files);
    } catch (error) {
      if (!isTokenOver(error)) throw error;
      await afterwards(card, audience);
    }
  }

  async function showNothing(): Promise<void> {
    if (acknowledged === 'update') return;
    if (acknowledged !== undefined) return await webhook.remove();
    if (hasMessage) await webhook.first(DeferredMessageUpdate);
    else if (await webhook.first(...DEFERRALS.private)) await webhook.remove();
  }

  async function show(result: CommandResult): Promise<void> {
    switch (result.type) {
      case 'card':
        return await showCard(result.card, result.audience, result.replace === true);
      case 'field-errors':
        return await show(withTypedFields(result, {}));
      case 'form':
        if (acknowledged !== undefined) return await showCard(TOO_SLOW, 'private', false);
        await webhook.first(Modal, modalOf(result.form));
        return;
      case 'silent':
        return await showNothing();
      default:
        return unreachable(result);
    }
  }

  return {
    async defer(how) {
      const accepted = await webhook.first(...DEFERRALS[how]);
      if (accepted) acknowledged = how;
      return accepted;
    },
    show,
    async ask(label, actionId) {
      await webhook.first(ChannelMessageWithSource, { ...question(label, actionId), ...flagsOf('private') });
    },
    async refuse(text) {
      await webhook.first(ChannelMessageWithSource, { ...words(escapeMarkdown(text)), ...flagsOf('private') });
    },
  };
}

const DEFERRALS: Record<Acknowledged, [InteractionResponseType, object?]> = {
  private: [InteractionResponseType.DeferredChannelMessageWithSource, flagsOf('private')],
  public: [InteractionResponseType.DeferredChannelMessageWithSource],
  update: [DeferredMessageUpdate],
};

const TOO_SLOW: Card = {
  title: 'That took too long to open a form',
  tone: 'error',
  sections: [{ type: 'text', text: 'Nothing was changed. Please try once more.' }],
  controls: [],
};

function flagsOf(audience: Audience): { flags?: MessageFlags } {
  return audience === 'private' ? { flags: MessageFlags.Ephemeral } : {};
}

function question(label: string, actionId: string): object {
  const yes = { type: ComponentType.Button, style: ButtonStyle.Danger, label, custom_id: confirmed(actionId) };
  return {
    ...words(`**${escapeMarkdown(oneLine(label, 80, { happened: false }))}**: are you sure?`),
    components: [{ type: ComponentType.ActionRow, components: [yes] }],
  };
}

function words(content: string): Pick<RenderedMessage, 'content' | 'allowed_mentions'> {
  return { content, allowed_mentions: { parse: [] } };
}
