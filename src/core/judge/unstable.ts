import type { JudgedDelta } from '../model/delta.ts';
import type { Policy } from '../model/policy.ts';
import type { Flips } from './memory.ts';

/** Scans within which told changes of one thing are counted. */
const WINDOW = 20;

/**
 * Counts one more told change. The change that makes it too many says so; after that they are held back until the thing
 * has been quiet for so long that at most half as many fall into the window: it doesn't flap between flapping and not.
 */
export function countFlip(
  flips: Flips,
  delta: JudgedDelta,
  policy: Policy,
  tick: number,
): { flips: Flips; delta: JudgedDelta; note?: string } {
  if (policy.unstableAfter === 0) return { flips: {}, delta };
  const f = [...(flips.f ?? []).filter((old) => old > tick - WINDOW), tick].slice(-WINDOW);
  const calm = f.length * 2 <= policy.unstableAfter;
  if (flips.u === 1 && !calm) return { flips: { f, u: 1 }, delta: { ...delta, suppressed: 'unstable' } };
  if (f.length < policy.unstableAfter) return { flips: { f }, delta };
  const words = `unstable: changed ${f.length} times within ${WINDOW} scans; further changes are held back until it settles`;
  const what = delta.port === undefined ? delta.address : `${delta.address} ${delta.port}/${delta.protocol ?? 'tcp'}`;
  return { flips: { f, u: 1 }, delta: { ...delta, evidence: [...delta.evidence, words] }, note: `${what} is ${words}` };
}
