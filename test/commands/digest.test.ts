import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addGroup, type Lab, openLab } from './lab.ts';
import { textOf } from './text.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
  await addGroup(lab);
});
afterEach(() => lab.close());

const say = async (line: string): Promise<string> => textOf(await lab.run(line));

describe('digest', () => {
  it('says when the next one comes, and what is set', async () => {
    expect(await say('digest')).toContain('gets no digest.');
    expect(await say('digest daily 09:00 tz:Europe/Berlin')).toContain('gets a digest every day at 09:00');
    expect(await say('digest')).toContain('next ');
    expect(await lab.store.digests.list()).toMatchObject([{ phrase: 'daily 09:00', zone: 'Europe/Berlin' }]);
  });

  it('is one per channel, the latest one, until it is off', async () => {
    await say('digest daily 09:00');
    await say('digest weekly mon 09:00');
    await say('digest daily 07:00 channel:slack:C0123456');
    expect((await lab.store.digests.list()).map(({ phrase }) => phrase)).toEqual(['weekly mon 09:00', 'daily 07:00']);
    expect(await say('digest off')).toContain('gets no digest.');
    expect(await lab.store.digests.list()).toMatchObject([{ channel: 'slack:C0123456' }]);
  });

  it('refuses an invalid time, and sets nothing', async () => {
    expect(await say('digest dayly 09:00')).toContain('Did you mean daily?');
    expect(await lab.store.digests.list()).toEqual([]);
  });
});
