import { UserError } from '../../src/core/errors.ts';
import { createRandom, mutated } from './random.ts';
import type { Target } from './targets.ts';

export type Finding = { target: string; input: string; what: string };

/** Longer is a hang, on any machine and with any neighbours: these inputs take a few ms. */
const HANG_MS = 1_000;

/** Feeds each target its share of changed seeds; stops at the first finding of each. The same seed gives the same inputs. */
export async function fuzz(targets: readonly Target[], options: { seed: number; count: number }): Promise<Finding[]> {
  const shares = targets.reduce((sum, target) => sum + target.share, 0);
  const findings: Finding[] = [];
  for (const [index, target] of targets.entries()) {
    const random = createRandom(options.seed + index);
    const count = Math.ceil((options.count * target.share) / shares);
    for (let tried = 0; tried < count; tried++) {
      const input = mutated(random.pick(target.seeds), random);
      const what = await tryOne(target, input);
      if (what === undefined) continue;
      findings.push({ target: target.name, input, what });
      break;
    }
  }
  return findings;
}

async function tryOne({ take }: Target, input: string): Promise<string | undefined> {
  const started = process.cpuUsage();
  try {
    await take(input);
  } catch (error) {
    if (!(error instanceof UserError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  // Of this process alone: a machine that is busy otherwise is no hang.
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1_000;
  return ms > HANG_MS ? `it took ${Math.round(ms)} ms` : undefined;
}
