import type { Card } from '../../cards/card.ts';
import type { ChannelDigest } from '../../core/model/channel-digest.ts';
import type { ChannelRef } from '../../core/model/principal.ts';

/** The regular digests of channels; each channel has at most one. */
export type DigestStore = {
  list(): Promise<ChannelDigest[]>;
  /** In place of the one that the channel had. */
  set(digest: ChannelDigest): Promise<void>;
  /** False when it had none. */
  remove(channel: ChannelRef): Promise<boolean>;
  /** In one transaction: said as this message, and noted. False when somebody did it already. */
  send(digest: ChannelDigest, message: { card: Card; at: number }): Promise<boolean>;
};
