import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets/all.ts';

test('untrusted input neither crashes nor hangs its readers', async () => {
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

test('in a batch the input that crashes or hangs is found, and a fault that only many cause together is reported', async () => {
  const batched = (name: string, bad: (text: string) => void, together?: (texts: readonly string[]) => void) => ({
    ...{ name, share: 1, seeds: ['abc'], take: bad },
    batch: {
      size: 20,
      at: (seed: string, place: number) => `${place} ${seed}`,
      take: async (texts: readonly string[]) => {
        texts.forEach(bad);
        together?.(texts);
      },
    },
  });
  const crash = (text: string) => {
    if (text.includes('_')) throw new TypeError('of undefined');
  };
  const crowd = (texts: readonly string[]) => {
    if (texts.length > 10) throw new TypeError('too many');
  };
  const { findings } = await fuzz([batched('crash', crash), batched('crowd', () => undefined, crowd)], {
    seed: 1,
    count: 4_000,
  });
  expect(findings.map(({ target, what }) => [target, what.split('\n', 1)[0]])).toEqual([
    ['crash', 'TypeError: of undefined'],
    ['crowd', 'together: TypeError: too many'],
  ]);
  expect(findings[0]?.input).toContain('_');
  expect(findings[0]?.input).not.toContain('\n1 ');
});

test('in a batch the input that hangs is found, in its place among the others', async () => {
  let spent = 0;
  const hanging = {
    ...{ name: 'hang', share: 1, seeds: ['abc'], take: () => undefined, spent: () => spent },
    batch: {
      size: 20,
      at: (seed: string, place: number) => `${place} ${seed}`,
      take: async (texts: readonly string[]) => {
        if (texts.some((text, place) => place > 2 && text.startsWith(`${place} `))) spent += 1_200;
      },
    },
  };
  const [finding] = (await fuzz([hanging], { seed: 1, count: 60 })).findings;
  expect(finding?.what).toMatch(/^it took \d+ ms$/);
  expect(finding?.input).toMatch(/^\d+ [^\n]*$/);
});

test('the search for a hang in a batch is not counted as the time of the next one', async () => {
  let [spent, slow] = [0, 0];
  const busy = {
    ...{ name: 'busy', share: 1, seeds: ['abc'], take: () => undefined, spent: () => spent },
    open: async () => {
      if (slow > 0) spent += 10_000;
    },
    batch: {
      size: 4,
      at: (seed: string) => seed,
      take: async ({ length }: readonly string[]) => {
        if (slow > 0 || length < 4) return;
        slow += 1;
        spent += 1_200;
      },
    },
  };
  const { findings, layers } = await fuzz([busy], { seed: 3, count: 60 });
  expect([findings, slow, layers[0]?.inputs]).toEqual([[], 1, 60]);
});
