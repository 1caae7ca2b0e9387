export type Clock = {
  /** Epoch ms. */
  now(): number;
};
