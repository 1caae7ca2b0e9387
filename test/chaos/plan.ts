import { canSetClock } from './clock.ts';
import type { Engine } from './databases.ts';
import { FAULTS, type Fault } from './faults.ts';
import { createRandom } from './random.ts';

/** The plan of a round, derived completely from its seed and the kind of database. */
export type Plan = {
  seed: number;
  engine: Engine;
  faults: readonly Fault[];
  bots: number;
  worker: boolean;
  privateRedis: boolean;
  setsClock: boolean;
  /** From the scan's request to the first fault, and from one fault to the next, ms. */
  delayMs: number;
  gapMs: number;
  /** When alice clicks, after the scan's request, ms. */
  clickMs: number;
};

const PAIRS = 0.4;
const DELAY_MS = 3_500;

/** Consecutive seeds go through all faults; everything else, including a second fault, is drawn at random. */
export function planOf(seed: number, engine: Engine): Plan {
  const random = createRandom(seed);
  const possible = FAULTS.filter(
    (fault) =>
      (!fault.onServer || engine !== 'sqlite') &&
      (!fault.onFile || engine === 'sqlite') &&
      (!fault.setsClock || canSetClock()),
  );
  const first = possible[seed % possible.length];
  const drawn = possible[Math.floor(random() * possible.length)];
  const second = random() < PAIRS && drawn !== first && !(drawn?.setsClock && first?.setsClock) ? drawn : undefined;
  const faults = [first, second].filter((fault) => fault !== undefined);
  const needsOwnRedis = faults.some(({ ownRedis }) => ownRedis);
  const bots = engine !== 'sqlite' && (faults.some(({ twoBots }) => twoBots) || random() < 0.2) ? 2 : 1;
  return {
    ...{ seed, engine, faults, bots },
    worker: faults.some(({ worker }) => worker) || random() < 0.25,
    privateRedis: bots === 1 && !needsOwnRedis && random() < 0.4,
    setsClock: faults.some(({ setsClock }) => setsClock),
    ...{ delayMs: random() * DELAY_MS, gapMs: random() * 1_500, clickMs: random() * DELAY_MS },
  };
}

export const nameOf = ({ faults, bots }: Plan): string =>
  `${faults.map(({ name }) => name).join(' + ')}${bots > 1 ? ', two bots' : ''}`;
