import type { Receiver } from '@slack/bolt';

/** How Slack's requests arrive: bolt's receiver, opened and closed by us. */
export type Inlet = {
  receiver: Receiver;
  /** Resolves when Slack can reach us; rejects when that failed. Later breaks are repaired automatically. */
  open(): Promise<void>;
  close(): Promise<void>;
};
