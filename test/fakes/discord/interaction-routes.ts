import { onThisMachine } from '../../until.ts';
import { apiMessage, refusals } from './answers.ts';
import { EPHEMERAL, type FakeInteraction, FIRST_ANSWER_MS } from './interaction.ts';
import { editMessage, newMessage } from './messages.ts';
import { at, type FakeAnswer, type FakeRequest } from './request.ts';
import { choiceComplaints, type MessageBody, type Modal, modalComplaints } from './strictness.ts';
import type { FakeMessage, World } from './world.ts';

type Callback = { type: number; data?: MessageBody & { choices?: { name: string; value: string }[] } };

/** First answers to interactions, and what follows by their token. */
export function answerInteractions(
  world: World,
  interactions: ReadonlyMap<string, FakeInteraction>,
  request: FakeRequest,
): FakeAnswer | undefined {
  const { path, method } = request;
  const [id, token] = at('/interactions/:id/:token/callback', path) ?? [];
  if (id !== undefined && method === 'POST') return firstAnswer(world, interactions.get(token ?? ''), request);
  const [, messageToken, which] = at('/webhooks/:id/:token/messages/:id', path) ?? [];
  if (which !== undefined) return laterAnswer(world, alive(interactions, messageToken), request);
  const [application, followToken] = at('/webhooks/:id/:token', path) ?? [];
  if (application !== undefined && method === 'POST') return followUp(world, alive(interactions, followToken), request);
  return undefined;
}

function alive(interactions: ReadonlyMap<string, FakeInteraction>, token: string | undefined): FakeInteraction {
  const interaction = interactions.get(token ?? '');
  if (interaction?.first === undefined) throw refusals.unknownWebhook();
  if (interaction.expired) throw refusals.tokenIsOver();
  return interaction;
}

function firstAnswer(world: World, interaction: FakeInteraction | undefined, { body, files }: FakeRequest): FakeAnswer {
  if (interaction === undefined) throw refusals.unknownInteraction();
  const afterMs = Date.now() - interaction.sentAt;
  if (afterMs > onThisMachine(FIRST_ANSWER_MS) || interaction.expired) throw refusals.unknownInteraction();
  if (interaction.first !== undefined) throw refusals.alreadyAcknowledged();
  const { type, data = {} } = body as Callback;
  switch (type) {
    case 4:
      interaction.original = place(interaction, newMessage(world, interaction.channel.id, data, files));
      break;
    case 5:
      interaction.thinking = true;
      interaction.original = blank(world, interaction, data.flags ?? 0);
      break;
    case 6:
      break;
    case 7:
      if (interaction.original === undefined) throw refusals.invalid('type: there is no message to update');
      editMessage(interaction.original, data, files);
      break;
    case 8:
      complain(choiceComplaints(data.choices ?? []));
      interaction.choices = data.choices ?? [];
      break;
    case 9:
      complain(modalComplaints(data as unknown as Modal));
      interaction.modal = data as unknown as Modal;
      break;
    default:
      throw refusals.invalid(`type: ${type}`);
  }
  interaction.first = { type, afterMs };
  return { status: 204 };
}

function laterAnswer(world: World, interaction: FakeInteraction, { method, body, files }: FakeRequest): FakeAnswer {
  const { original } = interaction;
  if (original === undefined) throw refusals.unknownMessage();
  if (method === 'PATCH') {
    const wasThinking = interaction.thinking;
    editMessage(original, body as MessageBody, files);
    interaction.thinking = false;
    if (wasThinking) place(interaction, original);
  }
  if (method === 'DELETE') {
    interaction.channel.messages = interaction.channel.messages.filter((message) => message !== original);
    delete interaction.original;
    interaction.thinking = false;
    return { status: 204 };
  }
  return { status: 200, body: apiMessage(world, original, { withNonce: false }) };
}

function followUp(world: World, interaction: FakeInteraction, { body, files }: FakeRequest): FakeAnswer {
  const message = newMessage(world, interaction.channel.id, body as MessageBody, files);
  const { original } = interaction;
  if (interaction.thinking && original !== undefined) {
    // The first follow-up fills the deferred answer, whose audience stays the same.
    Object.assign(original, { ...message, id: original.id, flags: original.flags });
    interaction.thinking = false;
    place(interaction, original);
    return { status: 200, body: apiMessage(world, original, { withNonce: false }) };
  }
  interaction.followUps.push(place(interaction, message));
  return { status: 200, body: apiMessage(world, message, { withNonce: false }) };
}

/** Ephemeral messages are in no channel. */
function place(interaction: FakeInteraction, message: FakeMessage): FakeMessage {
  if ((message.flags & EPHEMERAL) === 0) interaction.channel.messages.push(message);
  return message;
}

function blank(world: World, interaction: FakeInteraction, flags: number): FakeMessage {
  return {
    id: world.newId(),
    channelId: interaction.channel.id,
    authorId: world.botId,
    content: '',
    embeds: [],
    components: [],
    files: [],
    flags,
    pings: [],
    postedAt: Date.now(),
    edits: 0,
  };
}

function complain(complaints: readonly string[]): void {
  if (complaints.length > 0) throw refusals.invalid(complaints.join('; '));
}
