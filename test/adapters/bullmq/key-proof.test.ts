import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusedSites, writeProof } from '../../../adapters/bullmq/key-proof.ts';
import { siteKeys } from '../../../adapters/bullmq/site-keys.ts';
import { until } from '../redis/lab.ts';
import { keyOf, type Lab, openLab, recorder, resultOf, scannerThat, scanOf } from './lab.ts';

const OTHER = siteKeys('another secret of more than thirty-two letters')('default');
const site = 'default';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

const working = () => scannerThat(async (request) => resultOf(request));
const idle = scannerThat(() => Promise.reject(new Error('it asked somebody')));
const refused = async () => (await lab.queue.stats()).sites.find((one) => one.site === site)?.refused;

test('a worker with another key than the bot is refused at its start, with what to set, and the bot shows it', async () => {
  await writeProof(lab.client, { site, key: keyOf(site) });
  await lab.client.sadd('netdelta:sites', site);
  expect(await refused()).toBeUndefined();
  await expect(lab.worker(idle, { key: OTHER })).rejects.toMatchObject({
    message: 'this worker has another key for site default than the bot',
    hint: expect.stringContaining('netdelta worker-key default'),
  });
  expect(await refused()).toBe(true);
  expect(await refusedSites(lab.connection, lab.log)).toEqual([site]);
});

test('a worker that was there before the bot leaves the jobs to workers with the right key', async () => {
  await lab.worker(idle, { key: OTHER });
  const told = recorder();
  await lab.judge(told.events);
  await lab.queue.addScan(scanOf(1, 3));
  await until('it says so', () => lab.messages.includes('this worker has another key for site default than the bot'));
  expect(await refused()).toBe(true);
  await lab.worker(working());
  await until('the scan has ended', () => told.hasEnded(1));
  expect(told.chunks(1).map(({ result }) => result.outcome)).toEqual(['complete', 'complete', 'complete']);
});
