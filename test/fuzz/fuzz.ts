import { UserError } from '../../src/core/errors.ts';
import { createRandom, grown, mutated } from './random.ts';
import type { Target } from './target.ts';

export type Finding = { target: string; input: string; what: string };
/** What one target took: processor time of this process alone, in ms; the heap after a collection, in MB. */
export type Layer = {
  target: string;
  inputs: number;
  ms: number;
  slowest: number;
  heapBefore: number;
  heapAfter: number;
};

/** Longer is a hang, on any machine and with any neighbours: these inputs take a few ms. */
const HANG_MS = 1_000;
/** One in so many inputs is some 100 kB: what takes the square of its length takes minutes then. */
const LARGE_EACH = 500;
const COLLECT: (() => void) | undefined = Reflect.get(globalThis, 'gc');

/** Of this process alone: a machine that is busy otherwise is no hang. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Feeds each target its share of changed seeds; stops at the first finding of each. The same seed gives the same inputs. */
export async function fuzz(
  targets: readonly Target[],
  options: { seed: number; count: number },
): Promise<{ findings: Finding[]; layers: Layer[] }> {
  const shares = targets.reduce((sum, target) => sum + target.share, 0);
  const [findings, layers]: [Finding[], Layer[]] = [[], []];
  for (const target of targets) {
    const count = Math.ceil((options.count * target.share) / shares);
    await target.open?.();
    const { finding, layer } = await feed(target, options.seed, count);
    layers.push(layer);
    if (finding !== undefined) findings.push(finding);
    await target.close?.();
  }
  return { findings, layers };
}

async function feed(target: Target, seed: number, count: number): Promise<{ finding?: Finding; layer: Layer }> {
  const random = createRandom(seed + target.name.length);
  const layer: Layer = { target: target.name, inputs: 0, ms: 0, slowest: 0, heapBefore: heapMb(), heapAfter: 0 };
  for (let started = cpuMs(); layer.inputs < count; layer.inputs++) {
    const text = random.pick(target.seeds);
    const input = mutated(random.below(LARGE_EACH) === 0 ? grown(text, random) : text, random);
    const wrong = await tryOne(target, input);
    const ended = cpuMs();
    const ms = ended - started;
    started = ended;
    layer.ms += ms;
    layer.slowest = Math.max(layer.slowest, ms);
    // What is loaded and compiled at the first inputs is no growth.
    if (layer.inputs === Math.min(1_000, count >> 1)) {
      layer.heapBefore = heapMb();
      started = cpuMs();
    }
    const what = wrong ?? (ms > HANG_MS ? `it took ${Math.round(ms)} ms` : undefined);
    if (what !== undefined) return { finding: { target: target.name, input, what }, layer };
  }
  layer.heapAfter = heapMb();
  return { layer };
}

function heapMb(): number {
  COLLECT?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** What is wrong with how it takes this; undefined for nothing. */
async function tryOne({ take }: Target, input: string): Promise<string | undefined> {
  try {
    await take(input);
  } catch (error) {
    if (!(error instanceof UserError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return undefined;
}
