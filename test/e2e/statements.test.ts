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

describe('the message of a scan', () => {
  it('shows what that scan saw, whatever came later; and a recheck answers its question', async () => {
    const web = await createListener();
    const session = openSession({ dataDir });
    await session.ask(`group add lab 127.0.0.1 ports:${web.port} profile:quick learn:1 confirm:off`);
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
    // Neither the numbers of its parent scan nor what that scan reported.
    expect(recheck?.text).not.toMatch(/host up|service added/);

    // Opposites are one item with what is true now; its button says what it does, and answers all of it.
    await web.close();
    await scanGroup(session, 'lab');
    expect((await session.ask('delta list')).text).toContain('0 deltas');
    await web.open();
    await scanGroup(session, 'lab');
    const { text, buttons } = await session.ask('delta list');
    expect(text).toMatch(/^. 1 delta \(open\)\n• #1 .*now: open again since .*changes/);
    expect(buttons.map(({ label }) => label)).toEqual([`Acknowledge #1: ${web.port}/tcp opened on 127.0.0.1`]);
    expect((await session.ask(`click ${buttons[0]?.id}`)).text).toContain('1 delta acknowledged');
    expect((await session.ask('delta list')).text).toContain('0 deltas');
    await web.close();
    expect(await session.end()).toBe(0);
  });
});

describe('open work', () => {
  it('is one honest list: released changes are in it, those that ended are not, and expected ones are answered', async () => {
    const web = await createListener();
    const where = `127.0.0.1:${web.port}`;
    const session = openSession({ dataDir });
    const say = async (command: string) => (await session.ask(command)).text;
    await session.ask(`group add lab 127.0.0.1 ports:${web.port} profile:quick learn:1 confirm:off`);
    await scanGroup(session, 'lab');

    await session.ask('mute add lab for:1h');
    await web.open();
    expect((await scanGroup(session, 'lab')).end.text).toContain('held back by mute 1');
    expect(await say('delta list')).toContain('0 deltas');
    for (const look of ['status', 'group show lab', 'host show 127.0.0.1'])
      expect(await say(look)).toContain('mute 1 lab until');
    expect(await say('mute remove 1')).toContain('1 change still holds and is open now');
    expect(await say('delta list')).toContain(`${web.port}/tcp opened on 127.0.0.1`);
    await web.close();
    await scanGroup(session, 'lab');
    expect(await say('delta list')).toContain('0 deltas');

    expect(await say('expect add lab 127.0.0.1:443/udp until:1d')).toContain('no scan would see it');
    expect(await say('expect add lab 10.9.9.9:80 until:1d')).toContain('no scan would see it');
    await session.ask(`expect add lab 127.0.0.0/30:${web.port} until:1d ticket:CHG-7`);
    await web.open();
    await scanGroup(session, 'lab');
    expect(await say('delta list')).toContain('0 deltas');
    expect(await say(`service find port:${web.port}`)).toContain('CHG-7');

    expect(await say('group edit lab down-after:2')).toContain('down-after: 3 → 2');
    expect(await say('alert route lab to:slack:C0123456')).toContain('not connected to Slack');
    await session.ask(`note add ${where} "the wiki" owner:@bob tags:prod`);
    expect(await say('host list tag:prod')).toContain('127.0.0.1');
    expect(await say('group approve lab note:CHG-8')).toContain('CHG-8');
    expect(await say('host show 127.0.0.1')).toMatch(/the wiki[\s\S]*CHG-8|CHG-8[\s\S]*the wiki/);
    await web.close();
    expect(await session.end()).toBe(1);
  });
});
