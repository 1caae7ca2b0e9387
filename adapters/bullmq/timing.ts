/** How soon a dead worker's jobs are started anew: after its lock has run out, and at most two checks. */
export const TIMING = { lockMs: 20_000, stalledCheckMs: 5000 };
