import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Claim, claimQueue } from '../../../adapters/bullmq/claim.ts';
import { siteKeys } from '../../../adapters/bullmq/site-keys.ts';
import { until } from '../redis/lab.ts';
import { keyOf, type Lab, openLab, recorder, scanOf } from './lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(async () => {
  for (const made of claims.splice(0)) made.close();
  await lab.close();
});

const claims: Claim[] = [];
async function claim(instance: string, keys = keyOf): Promise<Claim> {
  const made = await claimQueue({ connection: lab.connection, instance, keyOf: keys, log: lab.log });
  claims.push(made);
  return made;
}

test('the queue of the same database stays as it is', async () => {
  await claim('one');
  await lab.queue.addScan(scanOf(1, 2));
  await claim('one');
  expect(await lab.queue.hasScan(1, 'default')).toBe(true);
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

test('a Redis that is used by a running bot with another database is refused', async () => {
  await claim('one');
  await lab.judge(recorder().events);
  await lab.queue.addScan(scanOf(1, 2));
  await expect(claim('two')).rejects.toThrow('another NetDelta with another database uses this Redis');
  expect(await lab.queue.hasScan(1, 'default')).toBe(true);
});

test('a bot is alone unless another is connected, even one that starts at the same moment', async () => {
  const first = await claim('one');
  expect(first.alone).toBe(true);
  expect((await claim('one')).alone).toBe(false);
  for (const made of claims.splice(0)) made.close();
  const together = await Promise.all([claim('one'), claim('one')]);
  expect(together.filter(({ alone }) => alone).length).toBeLessThan(2);
});

test('after Redis was emptied, its owner and sites are written again', async () => {
  const made = await claim('one');
  await lab.client.flushall();
  await made.keep(['local', 'dmz']);
  expect(await lab.client.get('netdelta:instance')).toBe('one.2');
  expect(await lab.client.smembers('netdelta:sites')).toHaveLength(2);
  await lab.judge(recorder().events);
  await lab.queue.hasScan(1, 'default');
  await expect(claim('two')).rejects.toThrow('another NetDelta with another database');
});

test('a bot whose Redis was taken over by another database says so', async () => {
  const made = await claim('one');
  await lab.client.set('netdelta:instance', 'two');
  await expect(made.keep([])).rejects.toThrow('another NetDelta with another database');
});

test('a second bot with another secret is refused with what to set; a new secret of the only bot is accepted', async () => {
  const others = siteKeys('another secret of more than thirty-two letters');
  const first = await claim('one');
  await first.keep(['local', 'dmz']);
  const second = await claim('one', others);
  await expect(second.keep(['local'])).rejects.toMatchObject({
    message: 'another bot on this Redis has another secret for its workers',
    hint: expect.stringContaining('NETDELTA_WORKER_SECRET'),
  });
  await first.keep(['local']);
  for (const made of claims.splice(0)) made.close();
  await until('both are gone', async () => {
    const { alone } = await claim('one', others);
    if (!alone) claims.pop()?.close();
    return alone;
  });
  await claims[0]?.keep(['local']);
});
