import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimQueue } from '../../../adapters/bullmq/claim.ts';
import { type Lab, openLab, recorder, scanOf } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const claim = (instance: string) => claimQueue({ connection: lab.connection, instance, log: lab.log });

test('the queue of the same database stays as it is', async () => {
  await claim('one');
  await lab.queue.addScan(scanOf(1, 2));
  await claim('one');
  expect(await lab.queue.hasScan(1)).toBe(true);
});

test('scans that another database left behind are removed, so that new ones with their numbers are not taken for them', async () => {
  await claim('one');
  await lab.queue.addScan(scanOf(1, 2));
  await lab.queue.cancelScan(1, 'default');
  await lab.client.set('of-others', 'kept');
  await claim('two');
  expect(await lab.client.keys('*')).toEqual(expect.arrayContaining(['netdelta:instance', 'of-others']));
  expect(await lab.client.keys('*')).toHaveLength(2);
});

test('a Redis that a living bot with another database uses is refused', async () => {
  await claim('one');
  await lab.judge(recorder().events);
  await lab.queue.addScan(scanOf(1, 2));
  await expect(claim('two')).rejects.toThrow('another NetDelta with another database uses this Redis');
  expect(await lab.queue.hasScan(1)).toBe(true);
});

test('a bot is alone unless another of its database is connected', async () => {
  expect(await claim('one')).toEqual({ alone: true });
  await lab.judge(recorder().events);
  expect(await claim('one')).toEqual({ alone: false });
});
