import type { Receiver } from '@slack/bolt';

/** How Slack's requests come in: bolt's receiver, opened and closed by us. */
export type Inlet = {
  receiver: Receiver;
  /** Resolves when Slack can reach us; rejects when that failed. Later breaks are repaired without help. */
  open(): Promise<void>;
  close(): Promise<void>;
};
