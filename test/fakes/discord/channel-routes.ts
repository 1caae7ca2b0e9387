import { apiChannel, apiMessage, refusals } from './answers.ts';
import { editMessage, listMessages, messageIn, postMessage } from './messages.ts';
import { at, type FakeAnswer, type FakeRequest } from './request.ts';
import type { MessageBody } from './strictness.ts';
import { botMay, type FakeChannel, PERMISSIONS, type World } from './world.ts';

/** Channels, their messages and threads; undefined for other paths. */
export function answerChannels(world: World, request: FakeRequest): FakeAnswer | undefined {
  const { method, path } = request;
  const [threadOn, starter] = at('/channels/:id/messages/:id/threads', path) ?? [];
  if (threadOn !== undefined && method === 'POST') return startThread(world, threadOn, starter ?? '', request);
  const [inChannel, messageId] = at('/channels/:id/messages/:id', path) ?? [];
  if (inChannel !== undefined) return oneMessage(world, inChannel, messageId ?? '', request);
  const [listed] = at('/channels/:id/messages', path) ?? [];
  if (listed !== undefined) return manyMessages(world, listed, request);
  const [id] = at('/channels/:id', path) ?? [];
  return id === undefined ? undefined : oneChannel(world, id, request);
}

function visible(world: World, id: string): FakeChannel {
  const channel = world.channels.get(id);
  if (channel === undefined) throw refusals.unknownChannel();
  if (!botMay(world, channel, PERMISSIONS.viewChannel)) throw refusals.missingAccess();
  return channel;
}

function oneChannel(world: World, id: string, { method, body }: FakeRequest): FakeAnswer {
  const channel = visible(world, id);
  if (method === 'PATCH') {
    const change = body as { archived?: boolean };
    if (channel.locked) throw refusals.archived();
    channel.archived = change.archived ?? channel.archived;
  }
  return { status: 200, body: apiChannel(channel) };
}

function manyMessages(world: World, id: string, request: FakeRequest): FakeAnswer {
  const channel = visible(world, id);
  if (request.method === 'POST') {
    const message = postMessage(world, channel, request);
    return { status: 200, body: apiMessage(world, message, { withNonce: true }) };
  }
  if (!botMay(world, channel, PERMISSIONS.readHistory)) return { status: 200, body: [] };
  const messages = listMessages(channel, request.query);
  return { status: 200, body: messages.map((message) => apiMessage(world, message, { withNonce: false })) };
}

function oneMessage(world: World, channelId: string, id: string, { method, body, files }: FakeRequest): FakeAnswer {
  const channel = visible(world, channelId);
  const message = messageIn(channel, id);
  if (method === 'PATCH') {
    if (channel.archived) throw refusals.archived();
    editMessage(message, body as MessageBody, files);
  }
  if (method === 'DELETE') channel.messages = channel.messages.filter((other) => other !== message);
  return { status: 200, body: apiMessage(world, message, { withNonce: false }) };
}

function startThread(world: World, channelId: string, messageId: string, { body }: FakeRequest): FakeAnswer {
  const channel = visible(world, channelId);
  const message = messageIn(channel, messageId);
  if (channel.type !== 0 && channel.type !== 5) throw refusals.wrongChannelType();
  if (!botMay(world, channel, PERMISSIONS.createThreads)) throw refusals.missingPermissions();
  if (world.channels.has(message.id)) throw refusals.threadExists();
  const { name, auto_archive_duration: archiveAfter } = body as { name: string; auto_archive_duration?: number };
  const thread: FakeChannel = {
    id: message.id,
    guildId: channel.guildId,
    name,
    type: 11,
    denied: 0n,
    parentId: channel.id,
    archived: false,
    locked: false,
    archiveAfter: archiveAfter ?? 1440,
    messages: [],
  };
  world.channels.set(thread.id, thread);
  return { status: 201, body: apiChannel(thread) };
}
