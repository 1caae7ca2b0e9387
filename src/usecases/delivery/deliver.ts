import { defined } from '../../core/defined.ts';
import type { SinkEvent } from '../../core/model/event.ts';
import { idOf, platformOf } from '../../core/platforms.ts';
import type { Attachment, Chat, MessageRef } from '../../ports/chat.ts';
import { DeliveryError } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DrawReport } from '../../ports/draw-report.ts';
import type { Log } from '../../ports/log.ts';
import type { Message } from '../../ports/message.ts';
import type { Sink } from '../../ports/sink.ts';
import type { Store } from '../../ports/store.ts';
import { buildReport, reportTitle } from '../views/build-report.ts';
import { type CardSubject, type MessageCard, messageCard } from './message-card.ts';
import { reportEvent, sinkEvent } from './sink-event.ts';

export type DeliverDeps = {
  store: Store;
  chats: ReadonlyMap<string, Chat>;
  sinks: ReadonlyMap<string, Sink>;
  clock: Clock;
  log: Log;
  /** Distinguishes this bot's messages from another's; a few characters. */
  instance: string;
  /** Aborts when a sink has taken too long for an event; well within LEASE_MS. */
  sinkDeadline(): AbortSignal;
  drawReport: DrawReport;
  /** A message that can't be delivered: the admins are notified. */
  undeliverable(message: Message, code: string): Promise<void>;
};

/** Longer than any call of an adapter may take: an older claim belongs to a process that died. */
const LEASE_MS = 180_000;
const CLAIM_LIMIT = 32;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/**
 * A lasting fault of our own (about four minutes): one message that can't be rendered must not hold up those behind it.
 */
const FAULTS = 12;
/** How far back to look for our own message after its response was lost. */
const CLOCK_SKEW_MS = 120_000;

/**
 * Claims due messages and starts to send them, one at a time per channel; each promise resolves when its message is
 * sent or postponed. A channel that hangs holds up no other.
 */
export async function deliverDue(deps: DeliverDeps): Promise<Promise<void>[]> {
  const messages = await deps.store.messages.claim({
    now: deps.clock.now(),
    leaseMs: LEASE_MS,
    platforms: [...deps.chats.keys(), ...deps.sinks.keys()],
    limit: CLAIM_LIMIT,
  });
  return messages.map((message) => deliver(deps, message));
}

async function deliver(deps: DeliverDeps, message: Message): Promise<void> {
  try {
    const found = await findOwn(deps, message);
    // Recorded at once: an edit takes away by what it was found. What it shows may be old, so the edit is still due.
    if (found !== undefined) return await deps.store.messages.delivered(message.id, message.sent, plainRef(found));
    const ref =
      message.subject.type === 'event'
        ? await sendEvent(deps, message, message.subject)
        : message.subject.type === 'report'
          ? await sendReport(deps, message, message.subject)
          : await sendCard(deps, message, message.subject);
    await deps.store.messages.delivered(message.id, message.wanted, ref);
  } catch (error) {
    await notDelivered(deps, message, error);
  }
}

/** Each event goes out once; a place that is queued again does not receive it again. */
async function sendEvent(
  { store, sinks, instance, sinkDeadline }: DeliverDeps,
  message: Message,
  subject: Extract<Message['subject'], { type: 'event' }>,
): Promise<Message['ref']> {
  const recorded = await store.events.byId(subject.event);
  const event = recorded === undefined ? undefined : await sinkEvent(store, instance, recorded);
  if (event === undefined) return message.ref;
  const sink = sinks.get(platformName(message));
  if (sink === undefined) throw new DeliveryError('no-adapter', { retryable: true });
  await sink.send(sifted(event, subject.deltas), idOf(message.channel), sinkDeadline());
  return { id: event.id };
}

function sifted(event: SinkEvent, ids: readonly number[] | undefined): SinkEvent {
  if (ids === undefined || !('deltas' in event)) return event;
  return { ...event, deltas: event.deltas.filter((delta) => ids.includes(delta.id)) };
}

async function sendCard(deps: DeliverDeps, message: Message, subject: CardSubject): Promise<Message['ref']> {
  const shown = await messageCard(deps.store, subject, deps.clock.now(), (alert) => linkTo(deps, message, alert));
  return shown === undefined ? message.ref : await send(deps, message, shown);
}

/** Counted and drawn when it is sent: a picture is too large to wait in the outbox. */
async function sendReport(
  deps: DeliverDeps,
  message: Message,
  subject: Extract<Message['subject'], { type: 'report' }>,
): Promise<Message['ref']> {
  const { group: id, format, from, to } = subject;
  const groups = (await deps.store.groups.list()).filter((group) => id === undefined || group.id === id);
  if (id !== undefined && groups.length === 0) return message.ref;
  const sink = deps.sinks.get(platformName(message));
  if (sink !== undefined) {
    const event = await reportEvent(deps.store, deps.instance, { subject, groups });
    await sink.send(event, idOf(message.channel), deps.sinkDeadline());
    return { id: event.id };
  }
  const title = reportTitle(id === undefined ? undefined : groups[0]);
  const about = { title, groups, from, to, format, theme: 'light' as const };
  return send(deps, message, { card: await buildReport(deps, about) });
}

/** A link to another alert's message in the same channel. */
async function linkTo({ store, chats }: DeliverDeps, { channel }: Message, alert: number): Promise<string | undefined> {
  const chat = chats.get(platformOf(channel) ?? '');
  const messages = chat === undefined ? [] : await store.messages.bySubject({ type: 'alert', alert });
  const ref = messages.find((one) => one.channel === channel)?.ref;
  return ref === undefined ? undefined : chat?.link({ channel, ...ref });
}

async function send(deps: DeliverDeps, message: Message, shown: MessageCard): Promise<NonNullable<Message['ref']>> {
  const { chats, store } = deps;
  const chat = chats.get(platformName(message));
  if (chat === undefined) throw new DeliveryError('no-adapter', { retryable: true });
  if (message.ref !== undefined) {
    await chat.update({ channel: message.channel, ...message.ref }, shown.card);
    return message.ref;
  }
  const inThreadOf = await threadOf(store, message);
  return plainRef(
    await chat.post({
      channel: message.channel,
      card: shown.card,
      nonce: nonceOf(deps.instance, message),
      ...defined({ inThreadOf, threadName: shown.threadName }),
      ...attachmentsOf(shown),
    }),
  );
}

async function threadOf(store: Store, { parentId }: Message): Promise<MessageRef | undefined> {
  const parent = parentId === undefined ? undefined : await store.messages.byId(parentId);
  return parent?.ref === undefined ? undefined : { channel: parent.channel, ...parent.ref };
}

/** Where a message is whose post may have arrived although nothing says so. */
async function findOwn(deps: DeliverDeps, message: Message): Promise<MessageRef | undefined> {
  const chat = deps.chats.get(platformName(message));
  if (chat === undefined || message.ref !== undefined || !message.uncertain) return undefined;
  return chat.find(nonceOf(deps.instance, message), {
    channel: message.channel,
    since: message.createdAt - CLOCK_SKEW_MS,
    ...defined({ inThreadOf: await threadOf(deps.store, message) }),
  });
}

function attachmentsOf(shown: MessageCard): { attachments?: Attachment[] } {
  const { attachment } = shown.card;
  if (attachment?.when !== 'always') return {};
  return {
    attachments: [{ name: attachment.name, mimeType: attachment.mimeType, data: Buffer.from(attachment.content) }],
  };
}

function plainRef(ref: MessageRef): NonNullable<Message['ref']> {
  return { id: ref.id, ...defined({ thread: ref.thread }) };
}

/** At most 25 characters, Discord's limit. */
function nonceOf(instance: string, message: Message): string {
  return `nd-${instance.slice(0, 8)}-${message.id.toString(36)}`;
}

function platformName(message: Message): string {
  return message.channel.slice(0, message.channel.indexOf(':'));
}

async function notDelivered(deps: DeliverDeps, message: Message, error: unknown): Promise<void> {
  const { store, clock, log } = deps;
  // The failure may be in recording a post that arrived: the database was busy for a moment.
  const failure =
    error instanceof DeliveryError
      ? error
      : new DeliveryError('internal', { retryable: true, uncertain: true, cause: error });
  if (failure.code === 'internal')
    log.error({ err: error, message: message.id }, 'a message could not be made or sent');
  const broken = failure.code === 'internal' && message.failure === 'internal' && message.attempts >= FAULTS;
  if (failure.retryable && !broken) {
    const backoff = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(message.attempts, 10));
    await store.messages.retryLater(message.id, {
      notBefore: clock.now() + (failure.retryAfterMs ?? backoff),
      failure: failure.code,
      uncertain: message.uncertain || failure.uncertain,
    });
    return;
  }
  log.warn({ message: message.id, channel: message.channel, code: failure.code }, 'a message can not be delivered');
  await store.messages.failed(message.id, failure.code);
  await deps.undeliverable(message, failure.code);
}
