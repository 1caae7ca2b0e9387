import { afterEach, describe, it, vi } from 'vitest';
import { createPace } from '../../../adapters/slack/outbound/pace.ts';

const HOURS_2 = 7_200_000;

afterEach(() => void vi.restoreAllMocks());

describe('Slack’s pace', () => {
  // A wait of hours would outlive the test.
  it('lets the next message through in its turn although the clock is set back', async () => {
    const pace = createPace({ everyMs: 10, burst: 1 });
    await pace.turn('C1');
    const real = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => real() - HOURS_2);
    await pace.turn('C1');
    await pace.turn('C1');
  });
});
