/** Counts for monitoring NetDelta itself. Times are epoch ms. */
export type Figures = {
  /** All scans ever, by status. */
  scans: readonly { status: string; count: number }[];
  chunks: readonly { outcome: string; count: number }[];
  deltas: readonly { kind: string; grade: string; risk: string; state: string; count: number }[];
  falseAlarms: number;
  undeterminedHosts: number;
  messages: readonly { platform: string; status: string; count: number }[];
  /** Since when the oldest unsent message of a platform has been waiting. */
  waitingSince: readonly { platform: string; at: number }[];
  groups: readonly { group: string; judgedAt?: number; overdueSince?: number }[];
};
