import type { SimulationOptions } from './simulate.ts';

export type RecordedCase = { name: string; what: string; record: readonly string[] };

/** Recorded in the lab by test/lab/record.ts; none of them has any other seed than what stands here. */
export const RECORDED: readonly RecordedCase[] = [
  recorded('loss1', '1 % loss, -T4 -F', 20, ['--loss', '1'], '-T4 -F'),
  recorded('loss5', '5 % loss, -T4 --max-retries 1 -F', 20, ['--loss', '5'], '-T4 --max-retries 1 -F'),
  recorded('loss8-r0', '8 % loss, -T4 --max-retries 0 -F', 30, ['--loss', '8'], '-T4 --max-retries 0 -F'),
  recorded('loss8-r0b', '8 % loss, -T4 --max-retries 0 -F', 30, ['--loss', '8'], '-T4 --max-retries 0 -F', 2),
  recorded('loss20', '20 % loss, -T5 --max-retries 1 -F', 20, ['--loss', '20'], '-T5 --max-retries 1 -F', 3),
  recorded(
    'storm',
    '3 % loss, bursts and blackouts, two outages, two tarpits',
    30,
    ['--loss', '3', '--bursts', '--outage', '--tarpit'],
    '-T4 --max-retries 1 -F',
  ),
  {
    ...recorded(
      'static30',
      '30 hosts that never change, 5 % loss',
      60,
      ['--loss', '5', '--static'],
      '-T4 --max-retries 1 -F',
    ),
    record: ['--hosts', '30', '--scans', '60', '--loss', '5', '--static', '--args', '-T4 --max-retries 1 -F'],
  },
];

function recorded(name: string, what: string, scans: number, weather: string[], args: string, seed = 1): RecordedCase {
  const record = ['--hosts', '60', '--scans', `${scans}`, ...weather, '--args', args, '--seed', `${seed}`];
  return { name, what, record };
}

export type SimulatedCase = { what: string; options: Omit<SimulationOptions, 'seed'> };

const SIXTY = { hosts: 60, scans: 30, rate: 1 };

export const SIMULATED: readonly SimulatedCase[] = [
  {
    what: 'no loss, half of the closings silent',
    options: { ...SIXTY, loss: 0, retries: 2, silentClosings: 0.5, walled: 0.3 },
  },
  { what: '5 % loss, one retry', options: { ...SIXTY, loss: 0.05, retries: 1 } },
  { what: '8 % loss, no retry', options: { ...SIXTY, loss: 0.08, retries: 0 } },
  { what: '20 % loss, one retry', options: { ...SIXTY, loss: 0.2, retries: 1 } },
  {
    what: '3 % loss, bursts, two outages, two tarpits',
    options: { ...SIXTY, loss: 0.03, retries: 1, bursts: true, outage: true, tarpit: true },
  },
  {
    what: '1 service of 20 answers 60 % of the time',
    options: { ...SIXTY, loss: 0.02, retries: 1, flaky: { share: 0.05, answers: 0.6 } },
  },
  {
    what: '30 hosts that never change, 5 % loss, 60 scans',
    options: { hosts: 30, scans: 60, loss: 0.05, retries: 1, rate: 0 },
  },
];
