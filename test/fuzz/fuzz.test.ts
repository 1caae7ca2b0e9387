import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets/all.ts';

test('what strangers can send neither crashes nor hangs what reads it', async () => {
  expect((await fuzz(TARGETS, { seed: 20_261_130, count: 1_500 })).findings).toEqual([]);
}, 240_000);

test('a crash and a hang are found', async () => {
  const crashing = {
    ...{ name: 'crash', share: 1, seeds: ['abc'] },
    take: (text: string) => {
      if (text.includes('_')) throw new TypeError('of undefined');
    },
  };
  const hanging = {
    ...{ name: 'hang', share: 1, seeds: ['abc'] },
    take: () => {
      const { user } = process.cpuUsage();
      while (process.cpuUsage().user - user < 1_200_000);
    },
  };
  const { findings } = await fuzz([crashing, hanging], { seed: 1, count: 2_000 });
  expect(findings.map(({ target, what }) => [target, what.split(' ', 2).join(' ')])).toEqual([
    ['crash', 'TypeError: of'],
    ['hang', 'it took'],
  ]);
}, 60_000);
