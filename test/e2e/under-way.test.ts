import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { openSession, type Session, scanGroup } from './console-session.ts';
import { nmapsOf } from './processes.ts';

/** 20 s and more, if nobody ends it. */
const SLOW = '127.0.0.1 ports:1-2000 profile:quick max-rate:100';

let dataDir: string;
let session: Session;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-e2e-'));
  session = openSession({ dataDir });
});
afterEach(async () => {
  await session.kill('SIGTERM');
  await rm(dataDir, { recursive: true, force: true });
});

const nmapRuns = () => until(() => nmapsOf(session.child.pid)[0], 'nmap');
const title = (start: string) => session.waitFor(({ card }) => card.title.startsWith(start), start);

describe('while a scan runs', () => {
  it('one more may wait, and another request gets its number', async () => {
    await session.ask(`group add lab ${SLOW}`);
    const first = await session.ask('scan now lab async:true');
    await title('lab: scan #1 is running');
    const second = await session.ask('scan now lab async:true');
    const third = await session.ask('scan now lab async:true');
    expect(first.card.title).toBe('lab: scan #1');
    expect(second.card.title).toBe('lab: scan #2');
    expect(third.text).toContain('Scan #2 of this group is queued already');
    expect((await session.ask('scan list')).card.title).toBe('2 scans');
    await session.ask('scan cancel 2');
    await session.ask('scan cancel 1');
    await title('lab: scan #1 was cancelled');
    expect(await session.end()).toBe(0);
  });

  it('an edit of its group counts from the next scan on', async () => {
    await session.ask(`group add lab ${SLOW}`);
    await session.ask('scan now lab async:true');
    await nmapRuns();
    const edited = await session.ask('group edit lab ports:9 max-rate:0 name:office');
    expect(edited.text).toContain('The scan under way still goes by the old settings');
    await session.ask('scan cancel 1');
    await title('office: scan #1 was cancelled');
    const { end } = await scanGroup(session, 'office');
    expect(end.text).toContain('profile quick, 9, site local');
  });

  it('a paused group’s scan is completed, and no other starts until it is resumed', async () => {
    await session.ask(`group add lab ${SLOW}`);
    await session.ask('scan now lab async:true');
    await nmapRuns();
    await session.ask('scan now lab async:true');
    const paused = await session.ask('group pause lab');
    expect(paused.text).toMatch(/Scan #2 was waiting and is cancelled[\s\S]*Scan #1 comes to its end/);
    expect((await session.ask('scan now lab')).card.tone).toBe('error');
    const [nmap] = nmapsOf(session.child.pid);
    await session.ask('scan cancel 1');
    await title('lab: scan #1 was cancelled');
    expect(nmapsOf(session.child.pid)).not.toContain(nmap);
    await session.ask('group resume lab');
    await session.ask('group edit lab ports:9 max-rate:0');
    expect((await scanGroup(session, 'lab')).end.card.title).toBe('lab: scan #3 done');
    expect(await session.end(), 'a command was refused').toBe(1);
  });

  it('removing a group ends its scan: nmap ends, its message says so, and nothing is reported later', async () => {
    await session.ask(`group add lab ${SLOW}`);
    await session.ask('scan now lab async:true');
    const nmap = await nmapRuns();
    const asks = await session.ask('group remove lab');
    expect(asks.text).toContain('1 scan, XML included');
    const removed = await session.ask(`click ${asks.buttons[0]?.id}`);
    expect(removed.card.title).toBe('Group lab removed');
    const last = session.events.findLast(({ card }) => card.title.startsWith('lab: scan #1'));
    expect(last?.card.title).toBe('lab: scan #1 was cancelled');
    await until(() => !nmapsOf(session.child.pid).includes(nmap), 'the end of nmap');
    const from = session.events.length;
    expect((await session.ask('scan list')).card.title).toBe('0 scans');
    expect(await session.end()).toBe(0);
    expect(session.events.slice(from)).toHaveLength(1);
    expect(session.errors()).toBe('');
  });
});
