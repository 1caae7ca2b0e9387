import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLab, type Lab, labObstacle } from '../lab/lab.ts';
import type { LabState } from '../lab/rules.ts';
import { isTold, openSession, type Session, scanGroup } from './console-session.ts';
import { nmapsOf } from './processes.ts';

const obstacle = labObstacle();
const SSH = { up: true, open: { 22: 'ssh' } } as const;
const BOTH = { up: true, open: { 22: 'ssh', 80: 'http' } } as const;

describe.skipIf(obstacle !== undefined)(
  obstacle === undefined ? 'the bot in a lab' : `the bot in a lab (skipped: ${obstacle})`,
  () => {
    let lab: Lab;
    let dataDir: string;
    let session: Session;
    beforeAll(async () => {
      lab = await createLab({ network: '10.71.4.0/23' });
    });
    afterAll(() => lab.close());
    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'netdelta-lab-'));
      const { command, args } = lab.scannerCommand([]);
      session = openSession({ dataDir, wrap: [command, ...args] });
    });
    afterEach(async () => {
      await session.kill('SIGTERM');
      await rm(dataDir, { recursive: true, force: true });
    });
    const titles = async (group: string) => (await scanGroup(session, group)).told.map((event) => event.card.title);

    it('reports once each: a host that appears, goes, comes back, a service that is added, one that is removed', async () => {
      const before: LabState = { '10.71.4.1': SSH, '10.71.4.2': BOTH, '10.71.4.4': SSH };
      const after: LabState = { '10.71.4.1': BOTH, '10.71.4.2': SSH, '10.71.4.3': SSH };
      await lab.set(before);
      await session.ask('group add lab 10.71.4.1-4 ports:22,80 profile:quick confirm:off');
      for (let scan = 0; scan < 3; scan++) expect(await titles('lab')).toEqual([]);
      await lab.set(after);
      // By risk: a web server that is gone, then a new host, then another web server.
      expect(await titles('lab')).toEqual([
        'HTTP closed on 10.71.4.2 (lab)',
        '1 new host, 1 service opened on 10.71.4.3 (lab)',
        'HTTP opened on 10.71.4.1 (lab)',
      ]);
      const newHost = session.events.find((event) => isTold(event) && event.card.title.startsWith('1 new host'));
      expect(newHost?.text).toMatch(/New host 10\.71\.4\.3[\s\S]*22\/tcp/);
      // One item; an answer to a part of it says what stays open.
      expect((await session.ask('delta list on:10.71.4.3')).text).toMatch(/1 delta .*\n.*with 1 open port: 22\/tcp/);
      const [, host = '', port = ''] = /deltas #(\d+), #(\d+)/.exec(newHost?.text ?? '') ?? [];
      const answer = (await session.ask(`delta ack ${port}`)).text;
      expect(answer).toContain(`the new host itself, delta #${host}, stays open`);
      expect(await titles('lab')).toEqual([]);
      expect(await titles('lab')).toEqual(['10.71.4.4 is down (lab)']);
      expect(await titles('lab')).toEqual([]);
      await lab.set({ ...after, '10.71.4.4': SSH });
      expect(await titles('lab')).toEqual(['10.71.4.4 is up again (lab)']);
      expect(await titles('lab')).toEqual([]);
      expect(await session.end()).toBe(0);
      expect(session.errors()).toBe('');
    });

    it('reports what two overlapping groups both see once, naming both', async () => {
      await lab.set({ '10.71.4.1': SSH, '10.71.4.2': SSH });
      await session.ask('group add wide 10.71.4.1-2 ports:22,80 profile:quick');
      const added = await session.ask('group add part 10.71.4.2 ports:80 profile:quick');
      expect(added.text).toContain('overlaps wide: 1 address');
      await titles('wide');
      await titles('part');
      await lab.set({ '10.71.4.1': SSH, '10.71.4.2': BOTH });
      session.send('/netdelta scan now wide async:true');
      const { end } = await scanGroup(session, 'part');
      await session.waitFor(({ card }) => card.title === 'wide: scan #3 done', 'the end of the other');
      await session.waitFor(({ text }) => /Also seen in (part|wide)/.test(text), 'the name of the other');
      const [parent, ...twins] = session.events.filter(isTold);
      expect(parent?.card.title).toMatch(/^HTTP opened on 10\.71\.4\.2 \((wide|part)\)$/);
      expect(twins).toEqual([]);
      // The other group is named once its own scan has seen it.
      expect(parent?.text).not.toContain('Also seen');
      const named = session.events.find(
        ({ event, text }) => event === 'update' && /Also seen in (part|wide)/.test(text),
      );
      expect(named?.card.title).toBe(parent?.card.title);
      expect(end.card.title).toBe('part: scan #4 done');
    });

    it('keeps and judges what was complete when a scan is cancelled, and ends nmap', async () => {
      await lab.set({ '10.71.4.1': SSH, '10.71.5.1': { ...SSH, walled: true } });
      await session.ask('group add lab 10.71.4.0/24,10.71.5.1 ports:1-6000 profile:quick');
      session.send('/netdelta scan now lab async:true');
      await session.waitFor(({ text }) => text.includes('255 addresses silent'), 'the end of the first part');
      await session.ask('scan cancel 1');
      const end = await session.waitFor(({ card }) => card.title === 'lab: scan #1 was cancelled', 'its end');
      expect(end.text).toMatch(/1 host up, 1 open port\n• 10\.71\.4\.1: 22\/tcp/);
      expect(nmapsOf(session.child.pid)).toEqual([]);
      expect((await session.ask('host list lab')).text).not.toContain('10.71.5.1');
      expect(await session.end()).toBe(0);
    });

    it('counts no miss for what a cancelled scan did not reach', async () => {
      await lab.set({ '10.71.4.1': SSH, '10.71.5.1': BOTH });
      await session.ask(
        'group add lab 10.71.4.0/24,10.71.5.1 ports:1-2000 profile:quick down-after:1 confirm:off learn:1',
      );
      expect(await titles('lab')).toEqual([]);
      await lab.set({ '10.71.4.1': BOTH, '10.71.5.1': { ...SSH, walled: true } });
      const from = session.events.length;
      session.send('/netdelta scan now lab async:true');
      await session.waitFor(({ text }) => text.includes('255 addresses silent'), 'the end of the first part', from);
      await session.ask('scan cancel 2');
      const end = await session.waitFor(({ card }) => card.title === 'lab: scan #2 was cancelled', 'its end', from);
      expect(end.text).toContain('1 host up, 2 open ports; 1 believed up not covered.');
      const told = await session.waitFor(isTold, 'what the first part saw', from);
      expect(told.card.title).toBe('HTTP opened on 10.71.4.1 (lab)');
      expect((await session.ask('why 10.71.5.1 group:lab')).text).toMatch(
        /believed up[\s\S]*scan #2,[^\n]* not covered/,
      );
      expect((await session.ask('why 10.71.5.1:80 group:lab')).text).toMatch(
        /never been silent[\s\S]*#2,[^\n]* not covered/,
      );
      await lab.set({ '10.71.4.1': BOTH });
      expect(await titles('lab')).toEqual(['10.71.5.1 is down (lab)']);
      expect(await session.end()).toBe(0);
    }, 180_000);
  },
);
