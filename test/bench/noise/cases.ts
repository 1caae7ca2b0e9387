import type { SimulationOptions } from './simulate.ts';

export type RecordedCase = { name: string; what: string; record: readonly string[] };

type Plan = { scans: number; loss: number; args: string; seed: number; hosts?: number; more?: readonly string[] };

/** Scanned as the bot does: most hosts have a service that does not answer `-sV`, and exceed their time-out. */
const LATE = { topPorts: 100, versionDetection: true, maxRetries: 1, hostTimeoutMs: 20_000 };

const STORM = ['--bursts', '--outage', '--tarpit'];
const storm = '2 % loss, bursts and blackouts, two outages, two tarpits';

/** Recorded in the lab by test/lab/record.ts. */
export const RECORDED: readonly RecordedCase[] = [
  recorded('loss1', '1 % loss, -T4', { scans: 20, loss: 1, args: '-T4 -F', seed: 12 }),
  recorded('loss5', '5 % loss, -T4, one retry', { scans: 20, loss: 5, args: '-T4 --max-retries 1 -F', seed: 21 }),
  recorded('loss10', '10 % loss, -T4, one retry', { scans: 20, loss: 10, args: '-T4 --max-retries 1 -F', seed: 22 }),
  recorded('loss8-r0', '8 % loss, -T4, no retry', { scans: 30, loss: 8, args: '-T4 --max-retries 0 -F', seed: 1 }),
  recorded('loss8-r0b', 'the same, another seed', { scans: 30, loss: 8, args: '-T4 --max-retries 0 -F', seed: 11 }),
  recorded('loss20b', '20 % loss, -T5, one retry', { scans: 20, loss: 20, args: '-T5 --max-retries 1 -F', seed: 2 }),
  recorded('loss20c', 'the same, another seed', { scans: 20, loss: 20, args: '-T5 --max-retries 1 -F', seed: 3 }),
  recorded('storm', storm, { scans: 30, loss: 2, args: '-T4 --max-retries 1 -F', seed: 5, more: STORM }),
  recorded('stormb', 'the same, another seed', {
    scans: 30,
    loss: 2,
    args: '-T4 --max-retries 1 -F',
    seed: 15,
    more: STORM,
  }),
  recorded('static30', '30 hosts that never change, 5 % loss, one retry', {
    ...{ scans: 60, loss: 5, args: '-T4 --max-retries 1 -F', seed: 6, hosts: 30 },
    more: ['--static'],
  }),
  recorded('sv4', '5 % loss, versions, 50 of 60 hosts time out and are asked again', {
    ...{ scans: 20, loss: 5, args: '', seed: 4 },
    more: ['--settings', JSON.stringify(LATE)],
  }),
];

function recorded(name: string, what: string, plan: Plan): RecordedCase {
  const { scans, loss, args, seed, hosts = 60, more = [] } = plan;
  const numbers = ['--hosts', `${hosts}`, '--scans', `${scans}`, '--loss', `${loss}`, '--seed', `${seed}`];
  return { name, what, record: [...numbers, '--args', args, ...more] };
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

/**
 * The series by which the reliability of the chances is measured; it includes hosts and services that are often silent.
 */
export const RELIABILITY: readonly SimulatedCase[] = [
  ...[0, 0.02, 0.05, 0.1, 0.2].map((loss) => ({
    what: `${loss * 100} % loss, half of the closings silent`,
    options: { ...SIXTY, loss, retries: 1, silentClosings: 0.5, walled: 0.3 },
  })),
  { what: '8 % loss, no retry', options: { ...SIXTY, loss: 0.08, retries: 0, silentClosings: 0.5, walled: 0.3 } },
  { what: 'default-drop, 5 % loss', options: { ...SIXTY, loss: 0.05, retries: 1, silentClosings: 0.5, walled: 1 } },
  { what: 'bursts', options: { ...SIXTY, loss: 0.02, retries: 1, bursts: true, silentClosings: 0.5, walled: 0.3 } },
  {
    what: '1 service of 20 answers 60 % of the time',
    options: { ...SIXTY, loss: 0.02, retries: 1, flaky: { share: 0.05, answers: 0.6 }, silentClosings: 0.5 },
  },
  {
    what: '1 service of 50 answers 40 % of the time',
    options: { ...SIXTY, loss: 0, retries: 1, flaky: { share: 0.02, answers: 0.4 }, silentClosings: 0.3 },
  },
  {
    what: '1 service of 10 answers 90 % of the time, 5 % loss, no retry',
    options: { ...SIXTY, loss: 0.05, retries: 0, flaky: { share: 0.1, answers: 0.9 } },
  },
  { what: '5 % loss, no retry', options: { ...SIXTY, loss: 0.05, retries: 0, silentClosings: 0.3, walled: 0.3 } },
  { what: '5 hosts, 5 % loss, no retry', options: { hosts: 5, scans: 30, rate: 0.3, loss: 0.05, retries: 0 } },
  {
    what: 'all hosts drop port 80 at once',
    options: { ...SIXTY, rate: 0.2, loss: 0.02, retries: 1, massClosing: { scan: 8, port: 80 } },
  },
  {
    what: '4 of 12 hosts switched off',
    options: { hosts: 12, scans: 16, rate: 0, loss: 0.02, retries: 1, switchedOff: { scan: 6, hosts: 4 } },
  },
  {
    what: '6 of 12 hosts dark for a while',
    options: { hosts: 12, scans: 16, rate: 0, loss: 0.02, retries: 1, dark: { from: 6, until: 12, hosts: 6 } },
  },
];
