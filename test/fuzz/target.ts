/** Something that takes what strangers send: seeds to change, and what is done with each. It may refuse by UserError only. */
export type Target = {
  name: string;
  share: number;
  seeds: readonly string[];
  /** What is made before the first input. */
  open?(): Promise<void>;
  take(input: string): unknown;
  close?(): Promise<void>;
};
