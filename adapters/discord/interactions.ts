import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandType,
  ComponentType,
  InteractionResponseType,
  InteractionType,
  Routes,
} from 'discord.js';
import type { Card } from '../../src/cards/card.ts';
import type { CommandDescription } from '../../src/commands/definition.ts';
import type { CommandResult, Dispatcher } from '../../src/commands/dispatcher.ts';
import { plainMentions } from '../../src/commands/mentions.ts';
import type { Principal } from '../../src/core/principal.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Acknowledged, Answer } from './answer.ts';
import { answerTo } from './answer.ts';
import type { Api } from './api.ts';
import { readCommandInput } from './command-input.ts';
import { mayOpenForm, readCustomId } from './custom-id.ts';
import { deliveryError } from './delivery-error.ts';
import { withTypedFields } from './field-errors.ts';
import { MAX_CHOICE, MAX_CHOICES } from './limits.ts';
import { type KindOf, oneLine } from './markdown.ts';
import { readModal } from './modal.ts';
import { patiently } from './patience.ts';
import { pressedLabel } from './pressed-label.ts';
import { channelOf, principalOf } from './principal.ts';

export type InteractionDeps = {
  api: Api;
  dispatcher: Dispatcher;
  definitions: readonly CommandDescription[];
  /** Whether this server is one of ours. */
  serves(guildId: string): boolean;
  kindOf: KindOf;
  afterwards(card: Card, audience: 'private' | 'public', interaction: APIInteraction): Promise<void>;
  log: Log;
};

/** A form can only be the first answer, which Discord awaits for 3 s; so long is waited for one before deferring. */
const FORM_GRACE_MS = 1500;

/** Answers whatever a user did; never throws. */
export function createInteractionHandler(deps: InteractionDeps): (interaction: APIInteraction) => Promise<void> {
  const { api, dispatcher, log } = deps;

  async function handle(interaction: APIInteraction): Promise<void> {
    if (interaction.type === InteractionType.Ping) return;
    const principal = principalOf(interaction);
    const refusal = refusalOf(interaction, principal, deps);
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      return await suggest(interaction, refusal === undefined ? principal : undefined);
    }
    const answer = answerTo(interaction, {
      ...deps,
      afterwards: (card, audience) => deps.afterwards(card, audience, interaction),
    });
    if (principal === undefined || refusal !== undefined) return await answer.refuse(refusal ?? NOT_HERE);
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return await onCommand(interaction, principal, answer);
      case InteractionType.MessageComponent:
        return await onPressed(interaction, principal, answer);
      case InteractionType.ModalSubmit:
        return await onForm(interaction, principal, answer);
    }
  }

  async function suggest(
    interaction: APIApplicationCommandAutocompleteInteraction,
    principal?: Principal,
  ): Promise<void> {
    const { path, options, focused } = readCommandInput(interaction.data.options);
    const found =
      principal === undefined || focused === undefined
        ? []
        : await dispatcher.complete({ principal, path, options, ...focused }).catch(() => []);
    const choices = found
      .filter(({ value }) => value.length <= MAX_CHOICE)
      .slice(0, MAX_CHOICES)
      .map(({ value, label }) => ({ name: oneLine(label, MAX_CHOICE, { happened: false }).trim() || value, value }));
    const type = InteractionResponseType.ApplicationCommandAutocompleteResult;
    const route = Routes.interactionCallback(interaction.id, interaction.token);
    await patiently(() => api.post(route, { body: { type, data: { choices } }, auth: false }));
  }

  async function onCommand(
    interaction: APIApplicationCommandInteraction,
    principal: Principal,
    answer: Answer,
  ): Promise<void> {
    if (interaction.data.type !== ApplicationCommandType.ChatInput) return;
    const { path, options } = readCommandInput(interaction.data.options);
    const definition = deps.definitions.find((candidate) => candidate.path.join(' ') === path.join(' '));
    const canShowForm = definition?.form === true && Object.keys(options).length <= 1;
    const input = { type: 'options', path, options } as const;
    await respond(answer, definition?.audience ?? 'private', canShowForm, () =>
      dispatcher.command({ principal, channel: channelOf(interaction), input, canShowForm }),
    );
  }

  async function onPressed(
    interaction: APIMessageComponentInteraction,
    principal: Principal,
    answer: Answer,
  ): Promise<void> {
    const { data } = interaction;
    const id = data.component_type === ComponentType.StringSelect ? (data.values[0] ?? '') : data.custom_id;
    const { how, actionId } = readCustomId(id);
    if (how === 'ask') return await answer.ask(pressedLabel(interaction), actionId);
    const canShowForm = mayOpenForm(actionId);
    await respond(answer, 'update', canShowForm, async () => {
      const result = await dispatcher.click({ principal, channel: channelOf(interaction), actionId, canShowForm });
      return how === 'sure' ? insteadOfQuestion(result) : result;
    });
  }

  async function onForm(interaction: APIModalSubmitInteraction, principal: Principal, answer: Answer): Promise<void> {
    const { target, fields } = readModal(interaction.data);
    const channel = channelOf(interaction);
    const opened = interaction.message === undefined ? 'private' : 'update';
    if (target.type === 'action') {
      const { actionId } = target;
      return await respond(answer, opened, false, async () =>
        withTypedFields(await dispatcher.click({ principal, channel, actionId, fields, canShowForm: false }), fields),
      );
    }
    const options = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainMentions(value)]));
    const input = { type: 'options', path: target.path, options } as const;
    await respond(answer, opened, false, async () =>
      withTypedFields(
        await dispatcher.command({ principal, channel, input, canShowForm: false, fromForm: true }),
        fields,
      ),
    );
  }

  async function respond(
    answer: Answer,
    how: Acknowledged,
    formMayCome: boolean,
    run: () => Promise<CommandResult>,
  ): Promise<void> {
    if (!formMayCome) {
      if (await answer.defer(how)) await answer.show(await guarded(run));
      return;
    }
    const result = guarded(run);
    if (!(await settledWithin(result, FORM_GRACE_MS))) await answer.defer(how);
    await answer.show(await result);
  }

  async function guarded(run: () => Promise<CommandResult>): Promise<CommandResult> {
    try {
      return await run();
    } catch (error) {
      log.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'a command from Discord failed');
      return { type: 'card', card: BROKEN, audience: 'private', outcome: 'failed' };
    }
  }

  return async (interaction) => {
    try {
      await handle(interaction);
    } catch (error) {
      log.warn({ interaction: interaction.id, code: deliveryError(error).code }, 'could not answer on Discord');
    }
  };
}

const NOT_HERE = 'NetDelta answers in its server only, not in direct messages.';

const BROKEN: Card = {
  title: 'Something went wrong on NetDelta’s side',
  tone: 'error',
  sections: [{ type: 'text', text: 'The reason is in its log. Please try again.' }],
  controls: [],
};

function refusalOf(
  interaction: APIInteraction,
  principal: Principal | undefined,
  { serves }: InteractionDeps,
): string | undefined {
  if (interaction.guild_id === undefined || principal === undefined) return NOT_HERE;
  return serves(interaction.guild_id) ? undefined : 'NetDelta does not serve this server.';
}

/** The answer takes the place of "are you sure?". */
function insteadOfQuestion(result: CommandResult): CommandResult {
  if (result.type === 'card') return { ...result, replace: true };
  if (result.type !== 'silent') return result;
  const card: Card = { title: 'Done', tone: 'good', sections: [], controls: [] };
  return { type: 'card', card, audience: 'private', outcome: 'ok', replace: true };
}

async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
