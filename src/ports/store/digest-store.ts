import type { Card } from '../../cards/card.ts';
import type { ChannelDigest } from '../../core/model/channel-digest.ts';
import type { ChannelRef } from '../../core/model/principal.ts';

/** The regular digests of channels; each channel has at most one. */
export type DigestStore = {
  list(): Promise<ChannelDigest[]>;
  /** Replaces the channel's previous one. */
  set(digest: ChannelDigest): Promise<void>;
  /** False when it had none. */
  remove(channel: ChannelRef): Promise<boolean>;
  /** In one transaction: queues the message and records it as sent. False when another bot did so already. */
  send(digest: ChannelDigest, message: { card: Card; at: number }): Promise<boolean>;
};
