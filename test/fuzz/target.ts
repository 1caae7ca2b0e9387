/** A reader of untrusted input: seeds to change, and what is done with each. It may refuse by UserError only. */
export type Target = {
  name: string;
  share: number;
  seeds: readonly string[];
  /** Set up before the first input. */
  open?(): Promise<void>;
  take(input: string): unknown;
  /** In ms; processor time of this process without it. */
  spent?(): number;
  /** For work that is expensive once and cheap for each further input. */
  batch?: Batch;
  close?(): Promise<void>;
};

export type Batch = {
  /** The most inputs at once. */
  size: number;
  /** The seed as it has to be at this position of a batch, counted from 0. */
  at(seed: string, place: number): string;
  take(inputs: readonly string[]): Promise<void>;
};
