import { UserError } from '../../src/core/errors.ts';
import { createRandom, grown, mutated, type Random } from './random.ts';
import type { Target } from './target.ts';

export type Finding = { target: string; input: string; what: string };
/** The cost of one target: processor time of this process alone, in ms; the heap after a collection, in MB. */
export type Layer = {
  target: string;
  inputs: number;
  ms: number;
  slowest: number;
  heapBefore: number;
  heapAfter: number;
};

/** Longer is a hang, on any machine and under any load: these inputs take a few ms. */
const HANG_MS = 1_000;
/** One in this many inputs is some 100 kB long: quadratic work then takes minutes. */
const LARGE_EACH = 500;
const COLLECT: (() => void) | undefined = Reflect.get(globalThis, 'gc');

/** Of this process alone: a busy machine is no hang. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/**
 * Feeds each target its share of changed seeds; stops at the first finding of each. The same seed gives the same
 * inputs.
 */
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
  const early = Math.min(1_000, count >> 1);
  const spent = target.spent ?? cpuMs;
  for (let started = spent(); layer.inputs < count; ) {
    const inputs = nextInputs(target, random, count - layer.inputs);
    const wrong = await tryAll(target, inputs);
    const ended = spent();
    const ms = ended - started;
    started = ended;
    layer.ms += ms;
    layer.slowest = Math.max(layer.slowest, ms);
    layer.inputs += inputs.length;
    // Loading and compiling at the first inputs is no growth.
    if (layer.inputs >= early && layer.inputs - inputs.length < early) {
      layer.heapBefore = heapMb();
      started = spent();
    }
    // Many inputs take their time without any of them hanging: together at least a ms each.
    const isSlow = ms > HANG_MS + (inputs.length > 1 ? inputs.length : 0);
    const found = wrong ?? (isSlow ? await theSlowOf(target, inputs, ms) : undefined);
    if (found !== undefined) return { finding: { target: target.name, ...found }, layer };
    // The next batch is not to blame for the search.
    if (isSlow) started = spent();
  }
  layer.heapAfter = heapMb();
  return { layer };
}

/**
 * How many are taken at once: mostly a whole batch, sometimes few, for behaviour that only the first of them decides.
 */
function nextInputs({ seeds, batch }: Target, random: Random, left: number): string[] {
  const most = batch === undefined ? 1 : random.below(3) === 0 ? 1 + random.below(8) : batch.size;
  const length = Math.min(left, most);
  return Array.from({ length }, (_, place) => {
    const seed = random.pick(seeds);
    const text = batch === undefined ? seed : batch.at(seed, place);
    return mutated(random.below(LARGE_EACH) === 0 ? grown(text, random) : text, random);
  });
}

type Wrong = Omit<Finding, 'target'>;

async function tryAll(target: Target, inputs: readonly string[]): Promise<Wrong | undefined> {
  const { batch } = target;
  if (batch === undefined) return tryOne(target, inputs[0] ?? '');
  const what = await failureOf(() => batch.take(inputs));
  if (what === undefined) return undefined;
  for (const input of inputs) {
    const alone = await tryAlone(target, input);
    if (alone !== undefined) return alone;
  }
  return { input: inputs.join('\n'), what: `together: ${what}` };
}

/** The input that takes so long; all of them if none does alone. */
async function theSlowOf(target: Target, inputs: readonly string[], ms: number): Promise<Wrong | undefined> {
  if (inputs.length === 1) return { input: inputs[0] ?? '', what: tooLong(ms) };
  const slow = await slowWithin(target, inputs, 0, inputs.length);
  if (slow !== undefined) return slow;
  return ms > HANG_MS * inputs.length ? { input: inputs.join('\n'), what: tooLong(ms) } : undefined;
}

/** By halves, each in its place of the batch, with nothing left from before: one of them hangs if an input does. */
async function slowWithin(
  target: Target,
  inputs: readonly string[],
  from: number,
  to: number,
): Promise<Wrong | undefined> {
  await target.close?.();
  await target.open?.();
  const spent = target.spent ?? cpuMs;
  const started = spent();
  await failureOf(() => target.batch?.take(inputs.map((input, at) => (at >= from && at < to ? input : ''))));
  const ms = spent() - started;
  if (ms <= HANG_MS) return undefined;
  if (to - from === 1) return { input: inputs[from] ?? '', what: tooLong(ms) };
  const middle = (from + to) >> 1;
  return (await slowWithin(target, inputs, from, middle)) ?? (await slowWithin(target, inputs, middle, to));
}

const tooLong = (ms: number): string => `it took ${Math.round(ms)} ms`;

/** Without anything left from earlier inputs. */
async function tryAlone(target: Target, input: string): Promise<Wrong | undefined> {
  await target.close?.();
  await target.open?.();
  return tryOne(target, input);
}

async function tryOne({ take }: Target, input: string): Promise<Wrong | undefined> {
  const what = await failureOf(() => take(input));
  return what === undefined ? undefined : { input, what };
}

function heapMb(): number {
  COLLECT?.();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** What is wrong with its handling of this input; undefined if nothing is. */
async function failureOf(taking: () => unknown): Promise<string | undefined> {
  try {
    await taking();
  } catch (error) {
    if (!(error instanceof UserError)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return undefined;
}
