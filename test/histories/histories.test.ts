import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount } from '../thorough.ts';
import { FOUND } from './found.ts';
import { type HistoryRun, openHistory } from './history.ts';
import { type Step, steps } from './steps.ts';

/**
 * More of them: `NETDELTA_HISTORIES=2000 npm run test:unit -- test/histories`; `NETDELTA_SEED` repeats those of a seed.
 */
const numRuns = Number(process.env['NETDELTA_HISTORIES'] ?? amount(1, 8));
const seed = process.env['NETDELTA_SEED'];

describe('for any history of scans, changes, holds, answers and restarts', () => {
  it('every true, unanswered change that is not held back is open, once, and nothing else; and each card shows what its scan saw', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (history, versions) => {
        await goThrough(history, versions, (run) => run.settle());
      }),
      { numRuns, ...(seed === undefined ? {} : { seed: Number(seed) }) },
    );
  }, 36_000_000);
});

describe('the histories that showed a fault', () => {
  it.each(FOUND)('%s', async (_name, history) => {
    await goThrough(history, true);
  });
});

async function goThrough(
  history: readonly Step[],
  versions: boolean,
  afterwards: (run: HistoryRun) => Promise<void> = async () => undefined,
): Promise<void> {
  const run = await openHistory(versions ? 'standard' : 'quick');
  try {
    for (const step of history) await one(run, step);
    await afterwards(run);
  } finally {
    await run.close();
  }
}

async function one(run: HistoryRun, step: Step): Promise<void> {
  await run.take(step);
  expect(await run.faults(), JSON.stringify(step)).toEqual([]);
}
