import type { ChannelRef } from './principal.ts';
import type { When } from './schedule.ts';

/**
 * At these times a channel receives the state of the groups that report there, so that silence is not mistaken for a
 * dead bot.
 */
export type ChannelDigest = {
  channel: ChannelRef;
  /** As typed: `daily 09:00`. */
  phrase: string;
  when: When;
  zone: string;
  /** When the last one was sent, or when it was configured; epoch ms. */
  sentAt: number;
};
