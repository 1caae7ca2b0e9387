import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSession, scanGroup } from './console-session.ts';
import { createListener } from './listener.ts';
import { redisOf } from './processes.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'netdelta-said-'));
});
afterEach(async () => {
  for (const pid of redisOf(dataDir)) process.kill(pid, 'SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

describe('what NetDelta says of a scan', () => {
  it('is what that scan saw, whatever came later; and a recheck answers its question', async () => {
    const web = await createListener();
    const session = openSession({ dataDir });
    await session.ask(`group add lab 127.0.0.1 ports:${web.port} profile:quick`);
    expect((await scanGroup(session, 'lab')).end.text).toContain('1 host up, 0 open ports');
    await web.open();
    expect((await scanGroup(session, 'lab')).end.text).toContain('1 host up, 1 open port');
    expect((await session.ask('scan status 1')).text).toContain('1 host up, 0 open ports');
    expect((await session.ask('scan status 2')).text).toContain('1 host up, 1 open port');

    const from = session.events.length;
    session.send('/netdelta delta recheck 1');
    session.send('/netdelta status');
    await session.waitFor(({ card }) => card.title === 'NetDelta', 'the end of the recheck', from);
    const recheck = session.events.slice(from).findLast(({ card }) => card.title.startsWith('Recheck: '));
    expect(recheck?.text).toContain('open: syn-ack');
    expect(recheck?.card.title).toBe(`Recheck: ${web.port}/tcp on 127.0.0.1 is still open (lab)`);
    expect(recheck?.text).not.toContain('host up');
    await web.close();
    expect(await session.end()).toBe(0);
  });
});
