import type { Card } from '../cards/card.ts';
import type { ChannelRef, PlatformName } from '../core/model/principal.ts';

/** Where a posted message is; opaque to everything except its adapter. */
export type MessageRef = {
  channel: ChannelRef;
  id: string /** The thread that contains it, or that it opened. */;
  thread?: string;
};

export type Attachment = { name: string; mimeType: string; data: Buffer };

export type OutgoingMessage = {
  channel: ChannelRef;
  card: Card;
  /** Post as a reply in this message's thread. */
  inThreadOf?: MessageRef;
  /** Name of the thread if this message opens one (Discord); plain text. */
  threadName?: string;
  attachments?: readonly Attachment[];
  /** Unique for this message, at most 25 characters: the same nonce never posts twice. */
  nonce: string;
};

/** Outbound half of a chat platform. Throws DeliveryError. */
export type Chat = {
  platform: PlatformName;
  post(message: OutgoingMessage): Promise<MessageRef>;
  update(ref: MessageRef, card: Card): Promise<void>;
  /** Looks for one's own message after a lost response. `since`: epoch ms. */
  find(
    nonce: string,
    where: { channel: ChannelRef; inThreadOf?: MessageRef; since: number },
  ): Promise<MessageRef | undefined>;
  /** A link to a posted message; undefined where there is none, or it can't be obtained now. Never throws. */
  link(ref: MessageRef): Promise<string | undefined>;
};

/** Why a message was not delivered; the delivery loop decides what happens next. */
export class DeliveryError extends Error {
  readonly retryable: boolean;
  /** An integer: PostgreSQL refuses a fraction, and the message would wait until its claim expires. */
  readonly retryAfterMs: number | undefined;
  /** True when the message may have arrived although no response did. */
  readonly uncertain: boolean;
  /** The platform's own code, e.g. `channel_not_found`, `10003`. */
  readonly code: string;

  constructor(
    code: string,
    options: { retryable: boolean; retryAfterMs?: number; uncertain?: boolean; cause?: unknown },
  ) {
    super(`delivery failed: ${code}`, { cause: options.cause });
    this.name = 'DeliveryError';
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs === undefined ? undefined : Math.ceil(options.retryAfterMs);
    this.uncertain = options.uncertain ?? false;
  }
}
