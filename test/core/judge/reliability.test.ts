import { describe, expect, it } from 'vitest';
import { RELIABILITY, SIMULATED } from '../../bench/noise/cases.ts';
import { type Live, measure, reliability } from '../../bench/noise/reliability.ts';
import { amount } from '../../thorough.ts';

const REPLAY: Live = { confirmations: 0, passes: 0 };
const LIVE: Live = { confirmations: 2, passes: 2 };
const named = (what: string) => {
  const found = [...RELIABILITY, ...SIMULATED].find((one) => one.what === what);
  if (found === undefined) throw new Error(what);
  return found.options;
};

/** The whole table is in `npm run bench:noise`; this is as much of it as a test run may take. */
describe('the reported chance', () => {
  it('is wrong about as often as it says, for reported and unreported changes', () => {
    const kinds = ['5 % loss, half of the closings silent', 'bursts', '0 % loss, half of the closings silent'];
    const cases = kinds
      .slice(0, amount(2, 3))
      .flatMap((what) => measure({ ...named(what), scans: 20, seed: 201 }, REPLAY).cases);
    for (const bin of reliability(cases)) {
      if (bin.cases < 30) continue;
      const cautious = bin.told < 0.1 && bin.false <= bin.told;
      if (!cautious) expect(Math.abs(bin.told - bin.false)).toBeLessThan(0.15);
    }
  });
});

describe('simulated series', () => {
  it('of 12 hosts of which 4 are switched off report each of them at down-after', () => {
    const { alerts } = measure({ ...named('4 of 12 hosts switched off'), seed: 201 }, REPLAY);
    const down = alerts.filter(({ kind }) => kind === 'host-down').map(({ scan }) => scan);
    expect(down).toEqual([8, 8, 8, 8]);
  });

  it.each([
    ['services that answer 60 % of the time', '1 service of 20 answers 60 % of the time', 2],
    ['hosts that all dropped one port', 'all hosts drop port 80 at once', 4],
    ['hosts on a path without retries', '8 % loss, no retry', 3],
  ])('of %s give no false alert, even without confirmations', (_, what, seed) => {
    const { score, alerts } = measure({ ...named(what), seed }, REPLAY);
    expect(score.falseAlerts.filter(({ scan }) => scan >= 3)).toEqual([]);
    expect(alerts.length).toBeGreaterThan(10);
  });

  it('in which all hosts drop one port report it in the same scan, with a confirmation and without', () => {
    const options = { ...named('all hosts drop port 80 at once'), loss: 0, rate: 0, scans: 12, seed: 201 };
    for (const live of [LIVE, REPLAY]) {
      const removed = measure(options, live).alerts.filter(({ kind }) => kind === 'service-removed');
      expect(removed.length).toBeGreaterThan(10);
      expect(new Set(removed.map((alert) => alert.scan))).toEqual(new Set([8]));
    }
  });

  it.each([0, 0.05, 0.1])(
    'of a default-drop network that never changes report nothing new on nights 2 to 5 (%s loss)',
    (loss) => {
      const options = { hosts: 60, scans: 5, rate: 0, loss, retries: 1, walled: 1, seed: 201 };
      expect(measure(options, LIVE).alerts).toEqual([]);
    },
  );
});
