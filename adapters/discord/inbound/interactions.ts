import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageApplicationCommandInteractionData,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  ComponentType,
  InteractionResponseType,
  InteractionType,
} from 'discord.js';
import type { Card } from '../../../src/cards/card.ts';
import type { CommandResult, Dispatcher } from '../../../src/commands/dispatcher.ts';
import type { CommandDescription } from '../../../src/commands/grammar/command-description.ts';
import { plainMentions } from '../../../src/commands/input/mentions.ts';
import type { Principal } from '../../../src/core/model/principal.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { Api } from '../outbound/api.ts';
import { deliveryError } from '../outbound/delivery-error.ts';
import { mayOpenForm, readCustomId } from '../render/custom-id.ts';
import { MAX_CHOICE, MAX_CHOICES } from '../render/limits.ts';
import { type KindOf, oneLine } from '../render/markdown.ts';
import { type Answer, type Audience, answerTo } from './answer.ts';
import { readCommandInput } from './command-input.ts';
import { withTypedFields } from './field-errors.ts';
import { type InteractionWebhook, webhookOf } from './interaction-webhook.ts';
import { messageAction } from './message-command.ts';
import { readModal } from './modal.ts';
import type { Offered } from './offered-files.ts';
import { pressedLabel } from './pressed-label.ts';
import { channelOf, principalOf } from './principal.ts';
import { insteadOfQuestion, respond } from './respond.ts';

export type InteractionDeps = {
  api: Api;
  dispatcher: Dispatcher;
  definitions: readonly CommandDescription[];
  /** Whether this server is one of ours. */
  serves(guildId: string): boolean;
  /** Reports somebody in direct messages or on another server, for the audit. */
  onOutsider(userId: string, why: string): void;
  kindOf: KindOf;
  /** Every bot with this token receives every interaction: false when another one answers this. */
  claim(interactionId: string): Promise<boolean>;
  /** The attached files with these ids. */
  offered: Offered;
  afterwards(card: Card, audience: Audience, interaction: APIInteraction): Promise<void>;
  log: Log;
};

type Caller = { principal: Principal; channel: string; answer: Answer };

/** Answers whatever a user did; never throws. */
export function createInteractionHandler(deps: InteractionDeps): (interaction: APIInteraction) => Promise<void> {
  return async (interaction) => {
    try {
      await handle(deps, interaction);
    } catch (error) {
      deps.log.warn({ interaction: interaction.id, code: deliveryError(error).code }, 'could not answer on Discord');
    }
  };
}

async function handle(deps: InteractionDeps, interaction: APIInteraction): Promise<void> {
  if (interaction.type === InteractionType.Ping) return;
  const webhook = webhookOf(interaction, deps.api, deps.log);
  const answer = answerTo(interaction, {
    ...deps,
    webhook,
    afterwards: (card, audience) => deps.afterwards(card, audience, interaction),
  });
  const principal = principalOf(interaction);
  const refusal = refusalOf(interaction, deps);
  const isTyping = interaction.type === InteractionType.ApplicationCommandAutocomplete;
  if (principal === undefined || refusal !== undefined) {
    if (isTyping) return await suggest(webhook, []);
    const user = interaction.member?.user ?? interaction.user;
    deps.onOutsider(user?.id ?? 'unknown', `refused: ${refusal ?? NOT_HERE}`);
    return await answer.refuse(refusal ?? NOT_HERE);
  }
  if (isTyping) return await suggest(webhook, await suggestions(deps, interaction, principal));
  if (!(await deps.claim(interaction.id))) return;
  const caller = { principal, channel: channelOf(interaction), answer };
  switch (interaction.type) {
    case InteractionType.ApplicationCommand:
      return await onCommand(deps, interaction, caller);
    case InteractionType.MessageComponent:
      return await onPressed(deps, interaction, caller);
    case InteractionType.ModalSubmit:
      return await onForm(deps, interaction, caller);
  }
}

const NOT_HERE = 'NetDelta answers in its server only, not in direct messages.';

function refusalOf(interaction: APIInteraction, { serves }: InteractionDeps): string | undefined {
  if (interaction.guild_id === undefined) return NOT_HERE;
  return serves(interaction.guild_id) ? undefined : 'NetDelta does not serve this server.';
}

type Suggestion = { value: string; label: string };

async function suggestions(
  { dispatcher }: InteractionDeps,
  interaction: APIApplicationCommandAutocompleteInteraction,
  principal: Principal,
): Promise<readonly Suggestion[]> {
  const { path, options, focused } = readCommandInput(interaction.data.options);
  if (focused === undefined) return [];
  return await dispatcher.complete({ principal, path, options, ...focused }).catch(() => []);
}

async function suggest(webhook: InteractionWebhook, found: readonly Suggestion[]): Promise<void> {
  const choices = found
    .filter(({ value }) => value.length <= MAX_CHOICE)
    .slice(0, MAX_CHOICES)
    .map(({ value, label }) => ({ name: oneLine(label, MAX_CHOICE, { happened: false }).trim() || value, value }));
  await webhook.first(InteractionResponseType.ApplicationCommandAutocompleteResult, { choices });
}

async function onCommand(
  deps: InteractionDeps,
  interaction: APIApplicationCommandInteraction,
  caller: Caller,
): Promise<void> {
  const { data } = interaction;
  if (data.type === ApplicationCommandType.Message) return await onMessageCommand(deps, data, caller);
  if (data.type !== ApplicationCommandType.ChatInput) return;
  const { principal, channel, answer } = caller;
  const { path, options, files: attached } = readCommandInput(data.options);
  const files = deps.offered(attached, data.resolved?.attachments);
  const definition = deps.definitions.find((candidate) => candidate.path.join(' ') === path.join(' '));
  const canShowForm = definition?.form === true && Object.keys(options).length <= 1;
  const input = { type: 'options', path, options } as const;
  await respond({ answer, how: definition?.audience ?? 'private', log: deps.log }, () =>
    deps.dispatcher.command({ principal, channel, input, canShowForm, files }),
  );
}

const DONE: CommandResult = {
  type: 'card',
  card: { title: 'Acknowledged', tone: 'acknowledged', sections: [], controls: [] },
  audience: 'private',
  outcome: 'ok',
};

const NOT_OURS = 'That is no alert of NetDelta. The menu works on its alerts and their replies.';

/** A right-click on a message acts as if its button were pressed. */
async function onMessageCommand(
  { dispatcher, log }: InteractionDeps,
  data: APIMessageApplicationCommandInteractionData,
  { principal, channel, answer }: Caller,
): Promise<void> {
  const message = data.resolved.messages[data.target_id];
  const actionId = message === undefined ? undefined : messageAction(data.name, message);
  if (actionId === undefined) return await answer.refuse(NOT_OURS);
  await respond({ answer, how: 'private', log }, async () => {
    const result = await dispatcher.click({ principal, channel, actionId, canShowForm: false });
    // The edit of the message shows the result, but a command must be answered all the same.
    return result.type === 'silent' ? DONE : result;
  });
}

async function onPressed(
  { dispatcher, log }: InteractionDeps,
  interaction: APIMessageComponentInteraction,
  { principal, channel, answer }: Caller,
): Promise<void> {
  const { data } = interaction;
  const id = data.component_type === ComponentType.StringSelect ? (data.values[0] ?? '') : data.custom_id;
  const { how, actionId } = readCustomId(id);
  if (how === 'ask') return await answer.ask(pressedLabel(interaction), actionId);
  const canShowForm = mayOpenForm(actionId);
  await respond({ answer, how: 'update', log }, async () => {
    const result = await dispatcher.click({ principal, channel, actionId, canShowForm });
    return how === 'sure' ? insteadOfQuestion(result) : result;
  });
}

async function onForm(
  { dispatcher, offered, log }: InteractionDeps,
  { data, message }: APIModalSubmitInteraction,
  { principal, channel, answer }: Caller,
): Promise<void> {
  const { target, fields, files: attached } = readModal(data);
  const how = message === undefined ? 'private' : 'update';
  await respond({ answer, how, log }, async () => {
    if (target.type === 'action') {
      const call = { principal, channel, actionId: target.actionId, fields, canShowForm: false };
      return withTypedFields(await dispatcher.click(call), fields);
    }
    const options = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainMentions(value)]));
    const input = { type: 'options', path: target.path, options } as const;
    const files = offered(attached, data.resolved?.attachments);
    const call = { principal, channel, input, canShowForm: false, fromForm: true, files };
    return withTypedFields(await dispatcher.command(call), fields);
  });
}
