import type { ChannelRef } from './principal.ts';
import type { When } from './schedule.ts';

/** A channel is told at these times how the groups stand that report there, so that silence is not a dead bot. */
export type ChannelDigest = {
  channel: ChannelRef;
  /** As typed: `daily 09:00`. */
  phrase: string;
  when: When;
  zone: string;
  /** When the last one was sent, or it was asked for; epoch ms. */
  sentAt: number;
};
