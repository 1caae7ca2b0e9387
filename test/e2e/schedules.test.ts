import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../adapters/sequelize/open-store.ts';
import type { Schedule } from '../../src/core/model/schedule.ts';
import { onThisMachine } from '../until.ts';
import { openSession, type Session } from './console-session.ts';

const MINUTE = 60_000;

let dataDir: string;
const sessions: Session[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-schedule-'));
});
afterEach(async () => {
  for (const session of sessions.splice(0)) await session.kill('SIGTERM');
  await rm(dataDir, { recursive: true, force: true });
});

function open(): Session {
  const session = openSession({ dataDir });
  sessions.push(session);
  return session;
}

/** A scheduled group; then the bot is off, as if it had been for long. */
async function leaveBehind(when: string, change: (now: number) => Partial<Schedule>): Promise<void> {
  const session = open();
  await session.ask('group add lab 127.0.0.1 ports:9 profile:quick');
  const added = await session.ask(`schedule add lab ${when}`);
  expect(added.card.tone).toBe('good');
  expect(await session.end()).toBe(0);
  const store = await openStore(`sqlite:${join(dataDir, 'netdelta.sqlite')}`);
  await store.schedules.edit(1, change(Date.now()));
  await store.close();
}

const missed = ({ card }: { card: { title: string } }) => card.title === 'lab: a scan was missed';

describe('a schedule', () => {
  it('runs when it is due', async () => {
    // Due when the console has surely started.
    const soon = onThisMachine(8000);
    await leaveBehind('every 1m', (now) => ({
      when: { type: 'every', ms: MINUTE, anchor: now - 10 * MINUTE + Math.min(soon, MINUTE - 1) },
      lastDueAt: now,
    }));
    const session = open();
    expect((await session.ask('scan list')).card.title).toBe('0 scans');
    await session.waitFor(({ card }) => card.title === 'lab: baseline recorded', 'the first scan');
    expect((await session.ask('scan list')).text).toMatch(/1 scan\n• #1 lab: done/);
    expect((await session.ask('schedule list')).text).toMatch(/every 1m|every minute/);
    expect(await session.end()).toBe(0);
    expect(session.events.some(missed)).toBe(false);
  });

  it('that was due while NetDelta was off runs once, and the message says so', async () => {
    await leaveBehind('every 1m', (now) => ({
      when: { type: 'every', ms: MINUTE, anchor: now - 60.5 * MINUTE },
      lastDueAt: now - 30 * MINUTE,
    }));
    const session = open();
    expect(await session.end()).toBe(0);
    expect(session.events.filter(missed).map(({ text }) => text)).toEqual([
      expect.stringMatching(/The run of every 1m at .* was missed while NetDelta was off\. It is made up now\./),
    ]);
    const again = open();
    expect((await again.ask('scan list')).text).toMatch(/1 scan\n• #1 lab: done/);
    expect(await again.end()).toBe(0);
    expect(again.events.some(missed)).toBe(false);
  });

  it('that was due too long ago is reported, not run', async () => {
    const now = new Date();
    const due = new Date(now.getTime() - 2 * 60 * MINUTE);
    const clock = `${String(due.getUTCHours()).padStart(2, '0')}:${String(due.getUTCMinutes()).padStart(2, '0')}`;
    await leaveBehind(`daily ${clock} tz:UTC`, (at) => ({ lastDueAt: at - 24 * 60 * MINUTE }));
    const session = open();
    expect((await session.ask('scan list')).card.title).toBe('0 scans');
    expect(await session.end()).toBe(0);
    expect(session.events.filter(missed).map(({ text }) => text)).toEqual([
      expect.stringContaining('It is too late to make it up; the next one runs as planned.'),
    ]);
  });
});
