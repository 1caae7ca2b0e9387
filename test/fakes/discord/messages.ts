import { refusals } from './answers.ts';
import type { FakeRequest } from './request.ts';
import { isEmpty, type MessageBody, messageComplaints } from './strictness.ts';
import { botMay, type FakeChannel, type FakeFile, type FakeMessage, PERMISSIONS, type World } from './world.ts';

/** How long Discord remembers a nonce; it says "a few minutes". */
const NONCE_MS = 180_000;

export function newMessage(
  world: World,
  channelId: string,
  body: MessageBody,
  files: readonly FakeFile[],
): FakeMessage {
  const empty = isEmpty(body, files.length);
  const complaints = messageComplaints(body, files.length);
  if (complaints.length > 0) throw refusals.invalid(complaints.join('; '));
  if (empty) throw refusals.emptyMessage();
  return {
    id: world.newId(),
    channelId,
    authorId: world.botId,
    content: body.content ?? '',
    embeds: body.embeds ?? [],
    components: body.components ?? [],
    files: [...files],
    flags: body.flags ?? 0,
    ...(body.nonce === undefined ? {} : { nonce: body.nonce }),
    ...(body.message_reference === undefined ? {} : { repliesTo: body.message_reference.message_id }),
    pings: pingsOf(body),
    postedAt: Date.now(),
    edits: 0,
  };
}

/** Only the content notifies, and only as far as `allowed_mentions` permits. */
function pingsOf({ content, allowed_mentions: allowed }: MessageBody): string[] {
  const text = content ?? '';
  const parse = allowed?.parse ?? ['users', 'roles', 'everyone'];
  const ids = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  const users = ids(/<@!?([0-9]+)>/g).filter((id) => parse.includes('users') || allowed?.users?.includes(id) === true);
  const roles = ids(/<@&([0-9]+)>/g).filter((id) => parse.includes('roles') || allowed?.roles?.includes(id) === true);
  const everyone = /@(everyone|here)/.test(text) && parse.includes('everyone') ? ['everyone'] : [];
  return [...new Set([...users, ...roles, ...everyone])];
}

/** Applies an edit: fields that are not sent stay as they were. */
export function editMessage(message: FakeMessage, body: MessageBody, files: readonly FakeFile[]): void {
  const after: MessageBody = {
    content: body.content === undefined ? message.content : body.content,
    embeds: body.embeds === undefined ? message.embeds : body.embeds,
    components: body.components === undefined ? message.components : body.components,
    allowed_mentions: body.allowed_mentions ?? null,
    attachments: body.attachments ?? files.map((_, id) => ({ id })),
  };
  const kept = body.attachments === undefined ? message.files : [];
  const complaints = messageComplaints(after, files.length);
  if (complaints.length > 0) throw refusals.invalid(complaints.join('; '));
  if (isEmpty(after, files.length + kept.length)) throw refusals.emptyMessage();
  message.content = after.content ?? '';
  message.embeds = after.embeds ?? [];
  message.components = after.components ?? [];
  message.files = [...kept, ...files];
  message.edits += 1;
}

export function postMessage(world: World, channel: FakeChannel, { body, files }: FakeRequest): FakeMessage {
  if (!botMay(world, channel, PERMISSIONS.viewChannel)) throw refusals.missingAccess();
  const send = channel.parentId === undefined ? PERMISSIONS.sendMessages : PERMISSIONS.sendInThreads;
  if (!botMay(world, channel, send)) throw refusals.missingPermissions();
  if (files.length > 0 && !botMay(world, channel, PERMISSIONS.attachFiles)) throw refusals.missingPermissions();
  if (channel.type === 15) throw refusals.wrongChannelType();
  if (channel.locked) throw refusals.archived();
  const message = newMessage(world, channel.id, body as MessageBody, files);
  const enforced = (body as MessageBody).enforce_nonce === true;
  const twin = enforced ? channel.messages.find((other) => isTwin(other, message)) : undefined;
  if (twin !== undefined) return twin;
  channel.archived = false;
  channel.messages.push(message);
  return message;
}

function isTwin(other: FakeMessage, message: FakeMessage): boolean {
  return other.nonce === message.nonce && Date.now() - other.postedAt < NONCE_MS;
}

export function messageIn(channel: FakeChannel, id: string): FakeMessage {
  const found = channel.messages.find((message) => message.id === id);
  if (found === undefined) throw refusals.unknownMessage();
  return found;
}

/** Newest first, as Discord lists them; with `before` those just before it. */
export function listMessages(channel: FakeChannel, query: URLSearchParams): FakeMessage[] {
  const limit = Number(query.get('limit') ?? 50);
  const before = query.get('before');
  const listed = before === null ? channel.messages : channel.messages.filter(({ id }) => BigInt(id) < BigInt(before));
  return listed.slice(-limit).toReversed();
}
