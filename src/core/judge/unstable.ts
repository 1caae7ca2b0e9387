import type { JudgedDelta } from '../model/delta.ts';
import type { Policy } from '../model/policy.ts';
import type { Flips } from './memory.ts';

/** Scans within which the reported changes of one thing are counted. */
const WINDOW = 20;

/**
 * Counts one more reported change. The change that exceeds the limit says so; after that, changes are held back until
 * at most half as many fall into the window, so that it doesn't alternate between stable and unstable.
 */
export function countFlip(
  flips: Flips,
  delta: JudgedDelta,
  policy: Policy,
  tick: number,
): { flips: Flips; delta: JudgedDelta; note?: string } {
  if (policy.unstableAfter === 0) return { flips: {}, delta };
  const f = [...(flips.flips ?? []).filter((old) => old > tick - WINDOW), tick].slice(-WINDOW);
  const calm = f.length * 2 <= policy.unstableAfter;
  if (flips.unstable === 1 && !calm)
    return { flips: { flips: f, unstable: 1 }, delta: { ...delta, suppressed: 'unstable' } };
  if (f.length < policy.unstableAfter) return { flips: { flips: f }, delta };
  const words = `unstable: changed ${f.length} times within ${WINDOW} scans; further changes are held back until it settles`;
  const what = delta.port === undefined ? delta.address : `${delta.address} ${delta.port}/${delta.protocol ?? 'tcp'}`;
  return {
    flips: { flips: f, unstable: 1 },
    delta: { ...delta, evidence: [...delta.evidence, words] },
    note: `${what} is ${words}`,
  };
}
