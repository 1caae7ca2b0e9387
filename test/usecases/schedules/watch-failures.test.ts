import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../../src/cards/card.ts';
import type { Group } from '../../../src/core/model/group.ts';
import type { ScanOrigin } from '../../../src/core/model/scan.ts';
import { parseWhen } from '../../../src/core/time/when.ts';
import { watchFailures } from '../../../src/usecases/schedules/watch-failures.ts';
import { openWorkshop, type Workshop } from '../workshop.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SCHEDULE = { type: 'schedule', schedule: 1 } as const;
const COMMAND = { type: 'command', by: 'console:local', channel: 'console:main' } as const;

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

async function scheduled(): Promise<Group> {
  const group = await workshop.addGroup();
  const createdAt = workshop.time.now;
  const when = parseWhen('every 1h', 'UTC', createdAt);
  const schedule = { groupId: group.id, phrase: 'every 1h', when, zone: 'UTC', status: 'active' } as const;
  await workshop.store.schedules.add({ ...schedule, createdBy: 'console:local', createdAt });
  return group;
}

async function ends(group: Group, to: 'done' | 'failed', origin: ScanOrigin = SCHEDULE): Promise<void> {
  const scan = await workshop.addScan(group, { origin });
  const error = to === 'failed' ? { error: 'nmap: no route to host' } : {};
  const from = ['queued', 'running'] as const;
  await workshop.store.scans.transition(scan.id, from, to, { finishedAt: workshop.time.now, ...error });
  await watch(0);
}

async function watch(ms: number): Promise<void> {
  workshop.time.now += ms;
  await watchFailures({ ...workshop, wake: () => {} });
  await workshop.deliver();
}

const shown = () => workshop.board.posted.map(({ card }) => card.title);
const words = (at: number) =>
  (workshop.board.posted[at]?.card.sections ?? [])
    .map((one) => (one.type === 'text' ? plainText(one.text) : ''))
    .join(' ');

describe('scheduled scans that fail', () => {
  it('are one message with a button, edited with each, and resolved in place', async () => {
    const group = await scheduled();
    await ends(group, 'done');
    await watch(HOUR);
    await ends(group, 'failed');
    expect(shown()).toEqual(['The scheduled scan of lab failed']);
    expect(words(0)).toContain('no route to host');
    expect(words(0)).toContain('What has changed since 2026-11-24 12:00 UTC is not known.');
    expect(workshop.board.posted[0]?.card.controls).toMatchObject([
      { label: 'Try again', action: { type: 'run', command: 'scan now "lab"' } },
    ]);
    const { edits } = workshop.board.posted[0] ?? {};
    await watch(0);
    expect(workshop.board.posted[0]?.edits).toBe(edits);
    await watch(HOUR);
    await ends(group, 'failed');
    expect(shown()).toEqual(['2 scans of lab failed in a row']);
    await watch(HOUR);
    await ends(group, 'done', COMMAND);
    expect(shown()).toEqual(['lab is being scanned again']);
    expect(workshop.board.posted[0]?.card).toMatchObject({ tone: 'resolved', controls: [] });
    expect(words(0)).toMatch(/^2 scans had failed\. Scan #4 went well, .*, 2 hours after the first failure\.$/);
    await ends(group, 'failed');
    expect(shown()).toEqual(['lab is being scanned again', 'The scheduled scan of lab failed']);
  });

  it('are posted again once a day while they last, and all of it is resolved at once', async () => {
    const group = await scheduled();
    await ends(group, 'failed');
    await watch(DAY - 1);
    expect(shown()).toHaveLength(1);
    await watch(1);
    await watch(0);
    expect(shown()).toHaveLength(2);
    await workshop.store.groups.setStatus(group.id, 'paused');
    await watch(DAY);
    expect(shown()).toHaveLength(2);
    await ends(group, 'done');
    expect(shown()).toEqual(['lab is being scanned again', 'lab is being scanned again']);
  });

  it('that were requested by hand are reported by their own message', async () => {
    const group = await scheduled();
    await ends(group, 'failed', COMMAND);
    expect(shown()).toEqual([]);
  });
});
