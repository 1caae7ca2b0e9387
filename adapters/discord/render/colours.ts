import type { Tone } from '../../../src/cards/card.ts';

/** The bar beside the message shows the risk of the change, never how certain it is: that is written out. */
export const COLOURS: Record<Tone, number> = {
  neutral: 0x95_a5_a6,
  info: 0x34_98_db,
  good: 0x2e_cc_71,
  low: 0xf1_c4_0f,
  medium: 0xe6_7e_22,
  high: 0xe7_4c_3c,
  critical: 0x99_2d_22,
  error: 0xad_14_57,
  warning: 0xf3_9c_12,
  acknowledged: 0x60_7d_8b,
  expected: 0x71_68_e2,
  'false-alarm': 0x95_a5_a6,
  resolved: 0x2e_cc_71,
};
