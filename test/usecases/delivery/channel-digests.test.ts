import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../../src/cards/card.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import { sendChannelDigests } from '../../../src/usecases/delivery/send-channel-digests.ts';
import { openWorkshop, serviceDelta, type Workshop } from '../workshop.ts';

const HOUR = 3_600_000;

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

async function asked(channel: string): Promise<void> {
  const { now } = workshop.time;
  const when = parseWhen('daily 09:00', 'UTC', now);
  await workshop.store.digests.set({ channel, phrase: 'daily 09:00', when, zone: 'UTC', sentAt: now });
}

async function digestsAfter(ms: number): Promise<string[]> {
  await workshop.deliver();
  const before = workshop.board.posted.length;
  workshop.time.now += ms;
  await sendChannelDigests({ ...workshop, wake: () => {} });
  await workshop.deliver();
  return workshop.board.posted
    .slice(before)
    .map(({ card }) =>
      [card.title, ...card.sections.flatMap((one) => (one.type === 'list' ? one.items.map(plainText) : []))].join('; '),
    );
}

describe('the digest of a channel', () => {
  it('comes at its times, once, and shows the state of each group, quiet ones too', async () => {
    await asked('console:main');
    const lab = await workshop.addGroup();
    await workshop.addGroup({ name: 'elsewhere', channel: 'slack:C1' });
    await workshop.addGroup({ name: 'office' });
    await workshop.judged(lab, [serviceDelta('service-added', '10.0.0.5', 3389)]);
    await workshop.judged(lab, []);
    expect(await digestsAfter(20 * HOUR)).toEqual([]);
    expect(await digestsAfter(HOUR)).toEqual([
      'Digest: 2 scans of 2 groups, 1 delta open; lab: 2 scans, 0 hosts up, 1 delta open; office: no scan, 0 hosts up, nothing open',
    ]);
    expect(await digestsAfter(0)).toEqual([]);
    expect(await digestsAfter(24 * HOUR)).toEqual([
      'Digest: 0 scans of 2 groups, 1 delta open; lab: no scan, 0 hosts up, 1 delta open; office: no scan, 0 hosts up, nothing open',
    ]);
  });

  it('is off unless somebody asked for it, and again when it is removed', async () => {
    await workshop.addGroup();
    expect(await digestsAfter(48 * HOUR)).toEqual([]);
    await asked('console:main');
    expect(await workshop.store.digests.remove('console:main')).toBe(true);
    expect(await digestsAfter(48 * HOUR)).toEqual([]);
  });

  it('of a channel in which no group reports says so', async () => {
    await asked('console:main');
    expect(await digestsAfter(24 * HOUR)).toEqual(['Digest: no group reports in this channel']);
  });
});
