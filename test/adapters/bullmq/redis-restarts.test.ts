import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../redis/lab.ts';
import { addressOf, gatedScanner, openKeptLab, recorder, resultOf, scannerThat, scanOf } from './lab.ts';

let lab: Awaited<ReturnType<typeof openKeptLab>>;
beforeEach(async () => {
  lab = await openKeptLab();
});
afterEach(() => lab.close());

test('a Redis that is killed in the middle of a scan loses and doubles no chunk', async () => {
  const { events, told, chunks, hasEnded } = recorder();
  await lab.judge(events);
  const pid = await lab.pid();
  await lab.worker(
    scannerThat(async (request) => {
      if (addressOf(request) === '10.0.0.60') process.kill(pid, 'SIGKILL');
      return resultOf(request);
    }),
  );
  await lab.queue.addScan(scanOf(1, 120));
  await until('the scan ends', () => hasEnded(1));
  const numbers = new Set(chunks(1).map(({ chunk }) => chunk));
  expect(numbers.size).toBe(120);
  expect(chunks(1).every(({ result }) => result.outcome === 'complete')).toBe(true);
  expect(told.filter(({ event }) => event === 'ended')).toHaveLength(1);
});

test('nmaps keep running while Redis restarts', async () => {
  const { events, chunks, hasEnded } = recorder();
  const gate = gatedScanner();
  await lab.judge(events);
  await lab.worker(gate.scanner);
  await lab.queue.addScan(scanOf(1, 6));
  await until('four run', () => gate.running.size === 4);
  const restored = new Promise<void>((resolve) => lab.redis.onRestored(resolve));
  process.kill(await lab.pid(), 'SIGKILL');
  await restored;
  await until('the scan ends', () => {
    gate.letAllGo();
    return hasEnded(1);
  });
  expect(chunks(1).map(({ result }) => result.outcome)).toEqual(Array(6).fill('complete'));
});
